extension HTMLReport {
    /// The SHA-256 of ``script``, as the file's policy names it: no other script runs.
    static let scriptHash = "sha256-IHvSh513hPksE6KGUnGrVOlrNW5MuEZi5PC6jYTt2ks="

    /// Zooms the timeline, shows what a bar is, and filters the changes. Without it everything is there to be read.
    static let script = #"""

        (() => {
          "use strict";
          const find = (id) => document.getElementById(id);
          const svg = find("lanes");
          if (svg) {
            const box = svg.parentElement, axis = find("axis"), tip = find("tip"), total = Number(svg.dataset.ms);
            const steps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 15e3, 3e4, 6e4, 12e4, 3e5, 6e5, 9e5, 18e5,
              36e5, 72e5, 216e5, 432e5, 864e5];
            let zoom = 1;
            const two = (value) => String(Math.floor(value)).padStart(2, "0");
            const clock = (ms) => {
              if (ms < 1000) return ms ? ms + " ms" : "0";
              if (ms < 60000) return ms / 1000 + " s";
              const rest = ms % 1000 ? "." + String(ms % 1000).padStart(3, "0") : "";
              const hours = Math.floor(ms / 3600000), minutes = ms / 60000 % 60;
              return (hours ? hours + ":" + two(minutes) : Math.floor(minutes)) + ":" + two(ms / 1000 % 60) + rest;
            };
            const element = (name, attributes, text) => {
              const made = document.createElementNS("http://www.w3.org/2000/svg", name);
              for (const key in attributes) made.setAttribute(key, attributes[key]);
              if (text) made.textContent = text;
              return made;
            };
            const drawAxis = () => {
              const least = total / Math.max(1, svg.clientWidth / 110);
              const step = steps.find((value) => value >= least) || least;
              const parts = [];
              for (let time = 0; time <= total; time += step) {
                const x = 99.5 * time / total + "%";
                parts.push(element("line", { x1: x, x2: x, y1: 16, y2: svg.getAttribute("height") }));
                if ((total - time) / total * svg.clientWidth > 40) parts.push(element("text", { x, y: 12, dx: 3 }, clock(time)));
              }
              axis.replaceChildren(...parts);
            };
            const most = Math.max(1, Math.min(64, 30000 / Math.max(1, box.clientWidth)));
            const setZoom = (wanted, at) => {
              const next = Math.min(most, Math.max(1, wanted));
              const place = (box.scrollLeft + at) / zoom;
              zoom = next;
              svg.setAttribute("width", 100 * zoom + "%");
              box.scrollLeft = place * zoom - at;
              drawAxis();
            };
            const middle = () => box.clientWidth / 2;
            find("in").onclick = () => setZoom(zoom * 2, middle());
            find("out").onclick = () => setZoom(zoom / 2, middle());
            find("fit").onclick = () => setZoom(1, 0);
            box.addEventListener("wheel", (event) => {
              if (!event.ctrlKey && !event.metaKey) return;
              event.preventDefault();
              setZoom(zoom * (event.deltaY < 0 ? 1.25 : 0.8), event.clientX - box.getBoundingClientRect().left);
            }, { passive: false });
            box.addEventListener("keydown", (event) => {
              if (event.key === "+") setZoom(zoom * 2, middle());
              else if (event.key === "-") setZoom(zoom / 2, middle());
              else if (event.key === "0") setZoom(1, 0);
            });
            let held = null;
            box.addEventListener("pointerdown", (event) => { if (event.button === 0) held = { x: event.clientX, left: box.scrollLeft }; });
            addEventListener("pointermove", (event) => { if (held) box.scrollLeft = held.left + held.x - event.clientX; });
            addEventListener("pointerup", (event) => {
              const wasDragged = held && Math.abs(event.clientX - held.x) > 4;
              held = null;
              if (wasDragged || !svg.contains(event.target) || !event.target.id.startsWith("t")) return;
              const row = find("c" + event.target.id.slice(1));
              if (row) reveal(row);
            });
            svg.addEventListener("pointerover", (event) => {
              const shape = event.target, title = shape.querySelector && shape.querySelector(":scope > title");
              if (title) {
                shape.dataset.text = title.textContent;
                title.remove();
              }
              tip.hidden = !shape.dataset.text || shape === svg;
              tip.textContent = shape.dataset.text || "";
            });
            svg.addEventListener("pointermove", (event) => {
              if (tip.hidden) return;
              const width = tip.offsetWidth, height = tip.offsetHeight;
              tip.style.left = Math.max(6, Math.min(event.clientX + 14, innerWidth - width - 8)) + "px";
              tip.style.top = (event.clientY + 18 + height > innerHeight ? event.clientY - height - 12 : event.clientY + 18) + "px";
            });
            svg.addEventListener("pointerleave", () => { tip.hidden = true; });
            document.querySelector(".zoom").hidden = false;
            document.addEventListener("click", (event) => {
              const link = event.target.closest && event.target.closest("td.number a");
              const bar = link && find(link.hash.slice(1));
              if (!bar) return;
              const x = Number(bar.getAttribute("x").slice(0, -1)) / 100 * svg.clientWidth;
              box.scrollLeft = x - middle();
            });
            addEventListener("resize", drawAxis);
            drawAxis();
          }
          const reveal = (row) => {
            const fold = row.closest("details");
            if (fold) fold.open = true;
            location.hash = row.id;
          };
          const filter = find("filter");
          const rows = filter ? [...document.querySelectorAll("#changes tbody tr")] : [];
          if (filter && rows.length > 12) {
            filter.hidden = false;
            let texts = null;
            filter.oninput = () => {
              texts = texts || rows.map((row) => row.textContent.toLowerCase());
              const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
              rows.forEach((row, index) => { row.hidden = !words.every((word) => texts[index].includes(word)); });
              for (const group of document.querySelectorAll("#changes .group")) {
                const isEmpty = !group.querySelector("tbody tr:not([hidden])"), fold = group.querySelector("details");
                group.hidden = isEmpty;
                if (fold) fold.open = words.length > 0 && !isEmpty;
              }
            };
          }
          addEventListener("beforeprint", () => { for (const fold of document.querySelectorAll("details")) fold.open = true; });
        })();

        """#
}
