/** How the page looks: light and dark by the reader's wish, and on paper. */
export const STYLE = `
:root { --paper: #fff; --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --band: #f6f8fa; --good: #1a7f37; --bad: #b42318; --unsure: #7d5400; --a: #0969da; --b: #b35900; }
@media (prefers-color-scheme: dark) { :root { --paper: #0d1117; --ink: #e6edf3; --soft: #9aa4af; --line: #30363d; --band: #161b22; --good: #4ac26b; --bad: #ff7b72; --unsure: #e3b341; --a: #58a6ff; --b: #f0883e; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 76rem; font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .5rem; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .5rem; padding-top: 1rem; border-top: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.5rem 0 .4rem; }
p { margin: .4rem 0; max-width: 46rem; }
.lead { font-size: 1.1rem; }
.soft { color: var(--soft); }
.scroll { overflow-x: auto; margin: .5rem 0 1rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .6rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
th { font-weight: 600; color: var(--soft); }
thead th { vertical-align: bottom; border-bottom: 2px solid var(--line); }
tbody th { color: var(--ink); }
tbody :is(th, td):not(.prose) { white-space: nowrap; }
tbody tr:nth-child(even) { background: var(--band); }
.n { text-align: right; }
.prose { min-width: 16rem; max-width: 30rem; }
th.prose { min-width: 12rem; }
.good { color: var(--good); }
.bad { color: var(--bad); font-weight: 600; }
.unsure { color: var(--unsure); font-weight: 600; }
a { color: var(--a); }
code, pre { font: 13px/1.5 ui-monospace, monospace; background: var(--band); border-radius: 4px; }
code { padding: .1rem .3rem; overflow-wrap: anywhere; }
pre { padding: .7rem; overflow-x: auto; }
ul { padding-left: 1.3rem; margin: .4rem 0; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); gap: 1rem; margin: 1rem 0; }
figure { margin: 0; }
figcaption { font-size: 13px; color: var(--soft); }
svg { display: block; width: 100%; height: auto; background: var(--band); border-radius: 4px; }
svg text { font: 11px system-ui, sans-serif; fill: var(--soft); }
.grid { stroke: var(--line); stroke-width: 1; }
.one, .two { fill: none; stroke-width: 1.6; }
.one { stroke: var(--a); }
.two { stroke: var(--b); stroke-dasharray: 4 2; }
.mark { stroke: var(--bad); stroke-width: 1; stroke-dasharray: 2 3; }
@media print {
body { max-width: none; padding: 0; font-size: 10pt; }
h2, h3 { break-after: avoid; }
tr, figure { break-inside: avoid; }
.scroll { overflow: visible; }
table { font-size: 8pt; }
th, td { padding: .2rem .3rem; }
.prose, th.prose { min-width: 8rem; }
}
`;
