package dev.headgate.bench.report;

import dev.headgate.bench.report.svg.ChartStyle;

/** How the page looks: on light and dark ground, on narrow screens, on paper. */
final class PageStyle {
    // Neither < nor &, so that readers of HTML and of XML see the same.
    private static final String RULES = """
            *{box-sizing:border-box}
            body{margin:0;background:var(--paper);color:var(--ink);
              font:16px/1.55 system-ui,-apple-system,'Segoe UI','DejaVu Sans',sans-serif}
            main,header,footer{max-width:1120px;margin:0 auto;padding:0 24px}
            header{padding-top:40px}
            h1{font-size:30px;line-height:1.2;margin:0 0 6px;letter-spacing:-.01em}
            h2{font-size:21px;line-height:1.3;margin:56px 0 4px;padding-top:14px;border-top:2px solid var(--ink)}
            h3{font-size:17px;margin:30px 0 2px}
            p{margin:6px 0 12px;max-width:76ch}
            a{color:var(--s1)}
            .quiet{color:var(--muted)}
            nav{margin:18px 0 0;font-size:14.5px;line-height:2}
            nav a{margin-right:18px;white-space:nowrap;text-decoration:none;border-bottom:1px solid var(--grid)}
            .notes{border-left:4px solid var(--s2);padding:2px 14px;margin:18px 0}
            .tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(215px,1fr));gap:14px;margin:26px 0 0}
            .tile{border:1px solid var(--grid);border-radius:10px;padding:14px 16px}
            .tile .what{font-size:14px;font-weight:600;line-height:1.35}
            .tile .what span{display:block;font-weight:400;font-size:13px;color:var(--muted)}
            .tile .figure{font-size:28px;font-weight:650;line-height:1.3;color:var(--s1);font-variant-numeric:tabular-nums}
            .tile .figure span{font-size:15px;font-weight:400;color:var(--muted)}
            .tile .others{font-size:13px;line-height:1.5;color:var(--muted)}
            .tile .others span{white-space:nowrap;margin-right:12px}
            .figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,430px),1fr));gap:8px 28px;margin:8px 0}
            figure{margin:0;max-width:640px}
            figure svg{display:block;width:100%;height:auto}
            .scroll{overflow-x:auto;margin:4px 0 10px}
            table{border-collapse:collapse;font-size:14px;font-variant-numeric:tabular-nums}
            caption{text-align:left;color:var(--muted);font-size:13.5px;padding:6px 0}
            th,td{padding:5px 0 5px 15px;text-align:right;vertical-align:bottom;border-bottom:1px solid var(--grid)}
            th{font-weight:600}
            thead th{color:var(--muted);font-weight:500;font-size:13px;line-height:1.3;max-width:120px}
            tbody th,thead th:first-child{text-align:left;padding-left:0;white-space:nowrap}
            td small{display:block;color:var(--muted);font-size:12px;line-height:1.25;white-space:nowrap}
            td.bad{color:var(--s2);font-weight:650}
            .facts th{font-weight:500;color:var(--muted);padding-right:22px;vertical-align:top}
            .facts td{text-align:left;padding-left:0}
            .swatch{display:inline-block;width:11px;height:11px;border-radius:3px;margin-right:8px}
            pre{background:color-mix(in srgb,var(--ink) 6%,transparent);border-radius:8px;padding:12px 14px;
              white-space:pre-wrap;overflow-wrap:anywhere;font:13.5px/1.5 ui-monospace,'DejaVu Sans Mono',monospace}
            footer{padding-top:40px;padding-bottom:60px;color:var(--muted);font-size:14px}
            @media (max-width:560px){
              main,header,footer{padding-left:16px;padding-right:16px}
              header{padding-top:24px} h1{font-size:25px} h2{margin-top:42px}
              .tiles{grid-template-columns:1fr 1fr;gap:10px} .tile{padding:10px 12px} .tile .figure{font-size:23px}
            }
            @media print{
              body{font-size:11pt} main,header,footer{max-width:none;padding:0} nav{display:none}
              article,figure,.tile,tr{break-inside:avoid} h2,h3{break-after:avoid}
              .figures{grid-template-columns:1fr 1fr} .scroll{overflow:visible} table{font-size:8.5pt}
              th,td{padding-left:12px}
            }
            """;

    private PageStyle() {}

    static String text() {
        StringBuilder style = new StringBuilder(ChartStyle.forPage()).append(RULES);
        for (int look = 0; look < ChartStyle.LOOKS; look++) {
            style.append(".swatch.look")
                    .append(look)
                    .append("{background:var(--s")
                    .append(look)
                    .append(")}\n");
        }
        return style.toString();
    }
}
