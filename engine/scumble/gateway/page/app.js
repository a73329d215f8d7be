// The page: choose a photograph and a style, paint a mask, have it painted, keep the result.
import { call, carried, events, Fault, json, picture, setToken, takeToken } from "/page/api.js";
import { choose, clearMask, hideResult, maskFile, show, showPreview, showResult, stage } from "/page/stage.js";
import { tr, translatePage } from "/page/words.js";

const $ = (id) => document.getElementById(id);
const chosen = { style: "", own: null };
let task = "";

function theme(name) {
  document.documentElement.dataset.theme = name;
}
theme(localStorage.getItem("scumble-theme") ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"));
$("theme").addEventListener("click", () => {
  const other = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
  localStorage.setItem("scumble-theme", other);
  theme(other);
});

function fault(error) {
  $("fault").textContent = error?.message ?? "";
  $("fault").hidden = !error;
}

function ready() {
  $("paint").disabled = !stage.file || !(chosen.style || chosen.own) || !$("going").hidden;
}

async function open(file) {
  if (!file) return;
  fault(null);
  try {
    await show(file);
    $("keep").hidden = true;
  } catch {
    fault(new Error(tr("This file is no picture that a browser can show.")));
  }
  ready();
}

function tile(label, name) {
  const button = document.createElement("button");
  button.className = "style";
  button.type = "button";
  button.title = label;
  button.dataset.style = name;
  button.setAttribute("role", "radio");
  button.setAttribute("aria-checked", "false");
  button.setAttribute("aria-label", label);
  return button;
}

function pick(button) {
  for (const one of $("styles").children) one.setAttribute("aria-checked", String(one === button));
  ready();
}

function dress(button, url, label) {
  const image = document.createElement("img");
  image.alt = "";
  image.src = url;
  const caption = document.createElement("span");
  caption.textContent = label;
  button.replaceChildren(image, caption);
}

async function fillStyles() {
  const { styles } = await json("/v1/styles");
  const own = tile(tr("Your own"), "");
  own.classList.add("own");
  own.innerHTML = "<div><b>+</b></div>";
  own.firstChild.append(tr("Your own"));
  own.addEventListener("click", () => $("own").click());
  $("styles").replaceChildren(own);
  for (const style of styles) {
    const button = tile(style.artist ? `${style.title}, ${style.artist}` : style.title, style.name);
    button.addEventListener("click", () => {
      Object.assign(chosen, { style: style.name, own: null });
      pick(button);
    });
    $("styles").append(button);
    if (style.thumbnail) picture(style.thumbnail).then((url) => dress(button, url, style.title), () => {});
    else button.textContent = style.title;
  }
  $("own").addEventListener("change", () => {
    const file = $("own").files[0];
    if (!file) return;
    Object.assign(chosen, { style: "", own: file });
    dress(own, URL.createObjectURL(file), file.name);
    pick(own);
  });
  $("styles").children[1]?.click();
}

function params() {
  const method = document.querySelector("input[name=method]:checked").value;
  const made = { method, strength: Number($("strength").value) / 100, colors: $("colors").value };
  if ($("size").value) made.resolution = $("size").value;
  return made;
}

async function paint() {
  fault(null);
  hideResult();
  if (stage.tool) choose(stage.tool);
  $("keep").hidden = true;
  going(tr("Sending…"), null);
  try {
    const form = new FormData();
    form.append("content_image", await carried(stage.file, (part) => going(tr("Sending…"), part)));
    if (chosen.own) form.append("style_image", await carried(chosen.own, () => {}));
    else form.append("style", chosen.style);
    const mask = await maskFile();
    if (mask) form.append("mask", mask, "mask.png");
    form.append("params", JSON.stringify(params()));
    const made = await json("/v1/style_transfer", { method: "POST", body: form });
    task = made.task_id;
    for await (const event of events(made.links.events)) await hear(event, made);
  } catch (error) {
    stop();
    if (error instanceof Fault && error.status === 401) return door();
    fault(error);
  }
}

async function hear({ kind, data }, made) {
  if (kind === "queued") going(data.position ? tr("{n} before it", { n: data.position }) : tr("Getting ready…"), null);
  else if (kind === "progress") {
    const left = data.seconds_left > 0 ? tr("{n} s left", { n: Math.ceil(data.seconds_left) }) : tr("Painting…");
    going(left, data.of ? data.step / data.of : null);
  } else if (kind === "started") going(tr("Painting…"), null);
  else if (kind === "preview" && !stage.drawn) showPreview(data.image);
  else if (kind === "failed") {
    stop();
    fault(new Fault(data.error));
  } else if (kind === "cancelled") {
    stop();
    fault(new Error(tr("Cancelled.")));
  } else if (kind === "done") await done(made, data.result);
}

async function done(made, result) {
  const url = await picture(made.links.result);
  await showResult(url);
  const name = stage.file.name.replace(/\.[^.]*$/, "") || "painted";
  Object.assign($("png"), { href: url, download: `${name}-painted.png` });
  Object.assign($("jpeg"), { href: await picture(`${made.links.result}?format=jpeg`), download: `${name}-painted.jpg` });
  stop();
  $("keep").hidden = false;
  $("hint").textContent = tr("{n} s on {device}", { n: result.seconds.toFixed(1), device: result.device });
}

function going(words, part) {
  $("going").hidden = false;
  $("told").textContent = words;
  if (part === null) $("progress").removeAttribute("value");
  else $("progress").value = part;
  ready();
}

function stop() {
  $("going").hidden = true;
  $("preview").hidden = true;
  task = "";
  ready();
}

function door() {
  $("door").showModal();
  $("door").addEventListener("close", () => { setToken($("token").value); begin(); }, { once: true });
}

async function begin() {
  try {
    await fillStyles();
  } catch (error) {
    if (error instanceof Fault && error.status === 401) return door();
    fault(error);
  }
}

$("photo").addEventListener("change", () => open($("photo").files[0]));
for (const kind of ["dragover", "dragleave", "drop"])
  addEventListener(kind, (event) => {
    event.preventDefault();
    $("stage").classList.toggle("over", kind === "dragover");
    if (kind === "drop") open(event.dataTransfer.files[0]);
  });
addEventListener("paste", (event) => open(event.clipboardData.files[0]));
for (const button of document.querySelectorAll("[data-tool]"))
  button.addEventListener("click", () => {
    choose(button.dataset.tool);
    if (stage.tool) $("hint").textContent = tr("The painted picture is only where the mask is.");
  });
$("clear").addEventListener("click", () => {
  clearMask();
  hideResult();
  $("hint").textContent = tr("Without a mask the whole picture is painted.");
});
$("strength").addEventListener("input", () => { $("strengthvalue").textContent = `${$("strength").value} %`; });
for (const radio of document.querySelectorAll("input[name=method]"))
  radio.addEventListener("change", () => {
    const finest = radio.value === "optimize";
    $("methodnote").textContent = finest ? tr("Step by step, for this picture alone: minutes.") : tr("One pass of a network: seconds.");
  });
$("paint").addEventListener("click", paint);
$("cancel").addEventListener("click", () => { if (task) call(`/v1/tasks/${task}/cancel`, { method: "POST" }).catch(fault); });

translatePage();
if (takeToken()) begin();
else door();
