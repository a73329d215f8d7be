// The picture, the mask that is painted on it, and the result over it with a curtain to compare.
const $ = (id) => document.getElementById(id);
const LONGEST = 1600; // pixels of the picture on the page
const TINT = "#ff5a36";

export const stage = { file: null, width: 0, height: 0, tool: "", drawn: false };
let from = null;

export async function show(file) {
  const bitmap = await createImageBitmap(file);
  const share = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
  for (const canvas of [$("picture"), $("mask")]) {
    canvas.width = Math.round(bitmap.width * share);
    canvas.height = Math.round(bitmap.height * share);
  }
  $("picture").getContext("2d").drawImage(bitmap, 0, 0, $("picture").width, $("picture").height);
  Object.assign(stage, { file, width: bitmap.width, height: bitmap.height });
  clearMask();
  hideResult();
  $("drop").hidden = true;
  for (const id of ["frame", "tools", "hint"]) $(id).hidden = false;
  fit();
}

function fit() {
  const { width, height } = $("picture");
  if (!width) return;
  const style = getComputedStyle($("stage"));
  const room = $("stage").clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  const high = Math.max(240, window.innerHeight - 230);
  const share = Math.min(room / width, high / height, 2);
  $("picture").style.width = `${Math.round(width * share)}px`;
  $("picture").style.height = `${Math.round(height * share)}px`;
}
addEventListener("resize", fit);

export function choose(tool) {
  stage.tool = stage.tool === tool ? "" : tool;
  if (stage.tool) hideResult();
  $("frame").classList.toggle("masking", Boolean(stage.tool));
  for (const button of document.querySelectorAll("[data-tool]"))
    button.setAttribute("aria-pressed", String(button.dataset.tool === stage.tool));
  $("ring").hidden = true;
}

export function clearMask() {
  $("mask").getContext("2d").clearRect(0, 0, $("mask").width, $("mask").height);
  stage.drawn = false;
  $("clear").disabled = true;
}

// The mask as a PNG: white is painted. Nothing where none was drawn.
export async function maskFile() {
  const source = $("mask");
  if (!stage.drawn || !source.getContext("2d").getImageData(0, 0, source.width, source.height).data.some((v, i) => i % 4 === 3 && v))
    return null;
  const canvas = new OffscreenCanvas(source.width, source.height);
  const pen = canvas.getContext("2d");
  pen.drawImage(source, 0, 0);
  pen.globalCompositeOperation = "source-in";
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.globalCompositeOperation = "destination-over";
  pen.fillStyle = "#000";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  return canvas.convertToBlob({ type: "image/png" });
}

function place(event) {
  const box = $("frame").getBoundingClientRect();
  const scale = $("mask").width / box.width;
  return { x: (event.clientX - box.left) * scale, y: (event.clientY - box.top) * scale, scale, box };
}

function stroke(event) {
  const { x, y, scale } = place(event);
  const pen = $("mask").getContext("2d");
  pen.globalCompositeOperation = stage.tool === "eraser" ? "destination-out" : "source-over";
  pen.strokeStyle = TINT;
  pen.lineCap = pen.lineJoin = "round";
  pen.lineWidth = Number($("brush").value) * scale;
  pen.beginPath();
  pen.moveTo(...(from ?? [x, y]));
  pen.lineTo(x, y);
  pen.stroke();
  from = [x, y];
  stage.drawn = true;
  $("clear").disabled = false;
}

$("frame").addEventListener("pointerdown", (event) => {
  if (!stage.tool || event.button) return;
  event.preventDefault();
  $("frame").setPointerCapture(event.pointerId);
  from = null;
  stroke(event);
});
$("frame").addEventListener("pointermove", (event) => {
  if (!stage.tool) return;
  const { box } = place(event);
  const size = `${$("brush").value}px`;
  Object.assign($("ring").style, { left: `${event.clientX - box.left}px`, top: `${event.clientY - box.top}px`, width: size, height: size });
  $("ring").hidden = false;
  if (from) for (const one of event.getCoalescedEvents?.().length ? event.getCoalescedEvents() : [event]) stroke(one);
});
for (const kind of ["pointerup", "pointercancel"]) $("frame").addEventListener(kind, () => { from = null; });
$("frame").addEventListener("pointerleave", () => { $("ring").hidden = true; });

export function showPreview(url) {
  $("preview").src = url;
  $("preview").hidden = false;
}

export async function showResult(url) {
  $("result").src = url;
  await $("result").decode();
  $("preview").hidden = true;
  $("mask").hidden = true;
  for (const id of ["painted", "compare", "divider"]) $(id).hidden = false;
  curtain(0);
}

export function hideResult() {
  for (const id of ["painted", "compare", "divider", "preview"]) $(id).hidden = true;
  $("mask").hidden = false;
}

function curtain(value) {
  $("compare").value = value;
  $("frame").style.setProperty("--at", `${value / 10}%`);
}
$("compare").addEventListener("input", () => curtain($("compare").value));
