-- For wrk: the headers that runbook sends.
wrk.headers["Authorization"] = os.getenv("BENCH_AUTHORIZATION")
wrk.headers["Accept"] = "application/json"
wrk.headers["Accept-Encoding"] = "identity"
wrk.headers["User-Agent"] = os.getenv("BENCH_AGENT")
