// Draws the figures in the colours of the page's theme, and again when the theme, the width or the
// medium changes.
"use strict";
(() => {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const figures = read("figures");
  const themes = read("themes");
  const canvases = [...document.querySelectorAll(".canvas")];
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const COLOURS = new Set(["color", "colorscale"]);
  const CONFIG = { displayModeBar: false, responsive: false, doubleClick: false, plotlyServerURL: "" };
  let printing = false;

  const theme = () => (dark.matches && !printing ? themes.dark : themes.light);

  // Tokens such as "@region3" become colours; labels are never looked at.
  function coloured(value, colours, key) {
    if (Array.isArray(value)) return key === "z" ? value : value.map((v) => coloured(v, colours, key));
    if (value && typeof value === "object") {
      const made = {};
      for (const name of Object.keys(value)) made[name] = coloured(value[name], colours, name);
      return made;
    }
    const is_token = COLOURS.has(key) && typeof value === "string" && value[0] === "@";
    return is_token ? colours[value.slice(1)] : value;
  }

  function axis(given, colours) {
    return {
      fixedrange: true, gridcolor: colours.line, zerolinecolor: colours.muted, zerolinewidth: 1,
      linecolor: colours.line, automargin: true, ...given,
    };
  }

  // As many years as fit side by side; the last always stays.
  function thinned(ticks, width) {
    const step = Math.ceil(ticks.length / Math.max(2, Math.floor((width - 50) / 30)));
    return ticks.filter((_, place) => (ticks.length - 1 - place) % step === 0);
  }

  // Labels of both sides of a flow diagram have to fit beside each other.
  const has_flows = (figure) => figure.data.some((trace) => trace.type === "sankey");
  const is_tight = (figure, width) => width < 300 || (width < 480 && has_flows(figure));

  function draw(canvas) {
    const figure = figures[Number(canvas.dataset.figure)];
    const colours = theme();
    const width = canvas.clientWidth;
    const layout = {
      ...coloured(figure.layout, colours),
      width, height: canvas.clientHeight, dragmode: false, showlegend: false, hovermode: "closest",
      margin: { l: 8, r: 8, t: 8, b: 8 },
      paper_bgcolor: colours.page, plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: getComputedStyle(document.body).fontFamily, size: is_tight(figure, width) ? 10 : 12, color: colours.text },
      hoverlabel: { bgcolor: colours.raised, bordercolor: colours.line, font: { color: colours.text }, align: "left" },
    };
    layout.xaxis = axis(layout.xaxis, colours);
    if (layout.xaxis.tickvals) layout.xaxis.tickvals = thinned(layout.xaxis.tickvals, width);
    layout.yaxis = axis(layout.yaxis, colours);
    canvas.drawn = width;
    if (has_flows(figure)) Plotly.purge(canvas);
    Plotly.react(canvas, coloured(figure.data, colours), layout, CONFIG);
    if (printing) show_at_once(canvas);
  }

  // Flows fade in, and paper does not wait.
  function show_at_once(canvas) {
    for (const part of canvas.querySelectorAll(".sankey *")) {
      if (part.style.opacity === "0") part.style.opacity = "1";
    }
  }

  const redraw = () => canvases.forEach(draw);
  const is_stale = (canvas) => canvas.drawn && canvas.drawn !== canvas.clientWidth;

  // One figure at a time, so that the page can be read and scrolled meanwhile.
  function draw_rest() {
    const next = canvases.find((canvas) => !canvas.drawn);
    if (!next) return;
    draw(next);
    setTimeout(draw_rest, 0);
  }
  draw_rest();

  dark.addEventListener("change", redraw);
  let waiting = 0;
  window.addEventListener("resize", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => canvases.filter(is_stale).forEach(draw), 120);
  });
  window.addEventListener("beforeprint", () => {
    printing = true;
    document.body.classList.add("printing");
    redraw();
  });
  window.addEventListener("afterprint", () => {
    printing = false;
    document.body.classList.remove("printing");
    redraw();
  });
})();
