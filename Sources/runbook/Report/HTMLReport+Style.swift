extension HTMLReport {
    /// The SHA-256 of ``style``, as the file's policy names it: another style is not applied.
    static let styleHash = "sha256-VoOY5BCSUbes1VckI2vVM72q+/FJECeeR1yBROBul1w="

    /// The style sheet.
    static let style = """

        :root{--page:#f4f6f8;--card:#fff;--ink:#18212b;--soft:#5b6876;--line:#dfe5eb;--faint:#f0f3f6;
        --read:#7d93ab;--change:#1f8a52;--fail:#cf3540;--open:#c27803;--plan:#6b58c9;--mixed:#4b8f8c;--none:#a9b4bf;
        --add:#e2f4e9;--gone:#fbe7e7;--code:#eef2f6}
        @media (prefers-color-scheme:dark){:root{--page:#10151b;--card:#182029;--ink:#e4eaf0;--soft:#98a6b4;--line:#2a3541;
        --faint:#1d2731;--read:#6e88a3;--change:#3fb37a;--fail:#ef6b72;--open:#e3a13a;--plan:#9d8df0;--mixed:#58aaa6;
        --none:#5d6a77;--add:#173727;--gone:#40221f;--code:#222d38}}
        *{box-sizing:border-box}
        html{scroll-behavior:smooth}
        body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;
        font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
        header,main,footer{max-width:1180px;margin:0 auto;padding:0 24px}
        header{padding-top:36px;padding-bottom:8px}
        h1{font-size:28px;line-height:1.25;margin:10px 0 4px;letter-spacing:-.01em}
        h2{font-size:17px;margin:0 0 12px}
        h3{font-size:14px;font-weight:600;margin:0 0 8px}
        .status{display:inline-block;margin:0;padding:3px 12px;border-radius:99px;font-size:13px;font-weight:600;color:#fff;background:var(--read)}
        .good .status{background:var(--change)}
        .bad .status{background:var(--fail)}
        .open .status{background:var(--open)}
        @media (prefers-color-scheme:dark){.status{color:#0d1218}}
        .verdict{font-size:17px;margin:0 0 10px;color:var(--ink)}
        .facts{display:flex;flex-wrap:wrap;gap:2px 20px;margin:0;color:var(--soft);font-size:13.5px}
        .facts b{font-weight:400;opacity:.75}
        section{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:18px 20px;margin:16px 0}
        .count{color:var(--soft);font-weight:400;margin-left:4px}
        .next{border-color:var(--open);border-left-width:5px}
        .error{border-color:var(--fail);border-left-width:5px}
        .error p,.next ol{margin:0}
        .next ol{padding-left:20px}
        .next li+li{margin-top:8px}
        .next code{display:inline-block}
        .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(128px,1fr));gap:12px;background:none;border:0;padding:0}
        .tile{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:14px 16px;border-top:3px solid var(--line)}
        .tile b{display:block;font-size:26px;line-height:1.2;font-weight:650;white-space:nowrap}
        .tile span{color:var(--soft);font-size:13.5px}
        .tile small,td small{display:block;color:var(--soft);font-size:12.5px}
        .tile.c{border-top-color:var(--change)}.tile.f{border-top-color:var(--fail)}.tile.u{border-top-color:var(--open)}
        .tile.p{border-top-color:var(--plan)}.tile.n{border-top-color:var(--none)}.tile.r{border-top-color:var(--read)}
        .tile.f b{color:var(--fail)}.tile.u b{color:var(--open)}
        code{font:.92em ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;background:var(--code);border-radius:5px;padding:1px 6px}
        h3 code{font-weight:400}
        pre{font:12.5px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;margin:0;white-space:pre-wrap}
        details>summary{cursor:pointer;color:var(--soft);padding:4px 0}
        .group{margin-top:20px}
        .group:first-of-type{margin-top:0}
        .badge{display:inline-block;white-space:nowrap;font-size:12px;font-weight:600;border-radius:99px;padding:1px 9px;border:1px solid currentColor;color:var(--soft)}
        .badge.c{color:var(--change)}.badge.f{color:var(--fail)}.badge.u{color:var(--open)}.badge.p{color:var(--plan)}.badge.n{color:var(--soft);border-color:var(--line)}
        .wide{overflow-x:auto}
        table{border-collapse:collapse;width:100%;font-size:14px}
        th{text-align:left;font-weight:500;font-size:12.5px;color:var(--soft);border-bottom:1px solid var(--line);padding:4px 12px 6px 0}
        td{vertical-align:top;padding:7px 12px 7px 0;border-bottom:1px solid var(--line)}
        tbody tr:last-child td{border-bottom:0}
        #changes table{table-layout:fixed}
        #changes th:nth-child(1){width:60px}#changes th:nth-child(2){width:40%}#changes th:nth-child(4){width:104px}#changes th:nth-child(5){width:134px}
        td.number{width:60px;white-space:nowrap}
        #changes td.time small{display:inline-block;margin-left:8px}
        td.time{color:var(--soft);width:96px}
        td.level{white-space:nowrap;width:70px}
        #reads td.level{white-space:normal;width:auto}
        td.level.f,small.f{color:var(--fail)}td.level.u{color:var(--open)}
        td.number a{color:inherit;text-decoration:none;border-bottom:1px dotted var(--soft)}
        tr:target td{background:var(--faint)}
        .field{color:var(--soft)}
        del,ins{text-decoration:none;border-radius:4px;padding:0 5px;-webkit-box-decoration-break:clone;box-decoration-break:clone}
        del{background:var(--gone)}
        ins{background:var(--add)}
        del.none,ins.none{background:none;padding:0}
        tr.f del,tr.f ins,tr.n del,tr.n ins,tr.u del,tr.u ins{background:var(--faint)}
        input{width:100%;max-width:380px;margin:0 0 16px;padding:7px 12px;font:inherit;color:inherit;background:var(--page);border:1px solid var(--line);border-radius:8px}
        .none,.note{color:var(--soft);margin:0}
        .note{font-size:12.5px;margin-top:8px}
        dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 20px;margin:0;font-size:14px}
        dt{color:var(--soft)}
        dd{margin:0;min-width:0}
        #undo p:first-of-type{margin-top:0}
        #undo ul,#undo ol{margin:0;padding-left:24px}
        footer{color:var(--soft);font-size:12.5px;padding-bottom:32px}
        .legend{display:flex;flex-wrap:wrap;gap:4px 16px;align-items:center;font-size:12.5px;color:var(--soft);margin-bottom:8px}
        .legend i{display:inline-block;width:18px;height:10px;border-radius:3px;margin-right:6px;background:var(--read)}
        .legend i.c{background:var(--change)}.legend i.f{background:var(--fail)}.legend i.u{background:var(--open)}
        .legend i.p{background:var(--plan)}.legend i.n,.legend i.w{background:var(--none)}.legend i.m{background:var(--mixed)}
        .zoom{margin-left:auto;display:flex;gap:6px}
        .zoom[hidden]{display:none}
        button{font:inherit;font-size:13px;color:inherit;background:var(--card);border:1px solid var(--line);border-radius:7px;padding:2px 11px;cursor:pointer;min-width:34px}
        button:hover{background:var(--faint)}
        .lanes{display:flex;max-height:520px;overflow-y:auto;border:1px solid var(--line);border-radius:8px}
        .names{list-style:none;margin:0;padding:26px 8px 4px 10px;font-size:11.5px;line-height:18px;color:var(--soft);text-align:right;border-right:1px solid var(--line)}
        .scroll{flex:1;min-width:0;overflow-x:auto;overflow-y:hidden;height:max-content}
        svg{display:block}
        svg .lane{fill:var(--faint)}
        svg text{fill:var(--soft);font-size:11px}
        #axis line{stroke:var(--line)}
        svg rect{stroke-width:.6}
        svg .r{fill:var(--read);stroke:var(--read)}
        svg .c{fill:var(--change);stroke:var(--change)}
        svg .m{fill:var(--mixed);stroke:var(--mixed)}
        svg .p{fill:var(--plan);stroke:var(--plan)}
        svg .f{fill:var(--fail);stroke:var(--fail)}
        svg .u{fill:var(--open);fill-opacity:.35;stroke:var(--open)}
        svg .n,svg .w{fill:var(--none);stroke:var(--none)}
        svg rect:hover{opacity:.75}
        svg .lane:hover{opacity:1}
        svg rect:target{stroke:var(--ink);stroke-width:2}
        .mark.a{fill:var(--open)}.mark.e{fill:var(--fail)}
        .mark.d{stroke:var(--plan);stroke-width:2;stroke-dasharray:4 3}
        #tip{position:fixed;z-index:9;pointer-events:none;max-width:min(420px,90vw);white-space:pre-wrap;font-size:12.5px;line-height:1.45;
        background:var(--ink);color:var(--card);padding:7px 11px;border-radius:8px;box-shadow:0 4px 16px #0004}
        @media (max-width:700px){header,main,footer{padding-left:14px;padding-right:14px}
        header{padding-top:22px}h1{font-size:23px}section{padding:14px}
        .tiles{grid-template-columns:repeat(auto-fit,minmax(104px,1fr));gap:8px}.tile{padding:10px 12px}.tile b{font-size:22px}
        #changes thead{display:none}#changes tbody tr{display:grid;grid-template-columns:auto 1fr auto;gap:2px 10px;padding:9px 0;border-bottom:1px solid var(--line)}
        #changes tbody tr:last-child{border-bottom:0}#changes tbody tr[hidden]{display:none}
        #changes td{border:0;padding:0;width:auto}#changes td.number{width:auto}#changes td:nth-child(2){font-weight:500}
        #changes td:nth-child(3){grid-column:1/4;grid-row:2}#changes td:nth-child(4){grid-row:1;grid-column:3}
        #changes td:nth-child(5){grid-column:1/4;grid-row:3;font-size:12.5px}#changes td:nth-child(5) small{display:inline;margin-left:8px}
        dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:8px}}
        @media print{:root{--page:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#bbb;--faint:#f3f3f3;--add:#e2f4e9;--gone:#fbe7e7;--code:#f1f1f1;
        --read:#7d93ab;--change:#1f8a52;--fail:#b81f2b;--open:#a86500;--plan:#5a47b8;--mixed:#3f7d7a;--none:#999}
        body{font-size:12px}header,main,footer{max-width:none;padding:0}header{padding-top:0}section{break-inside:auto;padding:10px 12px;margin:10px 0}
        .tiles,.tile,tr,h2,h3{break-inside:avoid}h2,h3{break-after:avoid}.zoom,#filter,summary{display:none}.lanes{max-height:none}.scroll{overflow:hidden}
        .tiles{grid-template-columns:repeat(6,1fr);gap:6px}.tile{padding:8px 10px}.tile b{font-size:19px}
        #changes th:nth-child(1){width:44px}#changes th:nth-child(2){width:36%}#changes th:nth-child(4){width:88px}#changes th:nth-child(5){width:104px}
        *{print-color-adjust:exact;-webkit-print-color-adjust:exact}}

        """
}
