// The gateway's calls. The token is kept for this tab alone.
import { tr } from "/page/words.js";

const KEY = "scumble-token";
const PART = 8 << 20; // bytes of a file that is sent in parts
const WHOLE = 24 << 20; // bytes up to which it is not

export class Fault extends Error {
  constructor(error, status) {
    super(`${error.sentence} ${error.remedy}`);
    this.code = error.code;
    this.status = status;
  }
}

export function takeToken() {
  const found = /token=([^&]+)/.exec(location.hash);
  if (found) {
    sessionStorage.setItem(KEY, decodeURIComponent(found[1]));
    history.replaceState(null, "", location.pathname);
  }
  return Boolean(sessionStorage.getItem(KEY));
}

export const setToken = (token) => sessionStorage.setItem(KEY, token.trim());

export async function call(path, options = {}) {
  let answer;
  try {
    const headers = { ...options.headers, Authorization: `Bearer ${sessionStorage.getItem(KEY) ?? ""}` };
    answer = await fetch(path, { ...options, headers });
  } catch (fault) {
    if (fault.name === "AbortError") throw fault;
    throw new Error(tr("The gateway cannot be reached. See that it runs, and try again."));
  }
  if (answer.ok) return answer;
  const plain = await answer.json().catch(() => ({}));
  throw new Fault(plain.error ?? { code: "internal", sentence: answer.statusText, remedy: "" }, answer.status);
}

export const json = async (path, options) => (await call(path, options)).json();
export const picture = async (path) => URL.createObjectURL(await (await call(path)).blob());

// A file as a form takes it: itself, or the name of an upload that was sent in parts and went on after a break.
export async function carried(file, onProgress) {
  if (file.size <= WHOLE) return file;
  const tus = { "Tus-Resumable": "1.0.0" };
  const made = await call("/v1/uploads", { method: "POST", headers: { ...tus, "Upload-Length": String(file.size) } });
  const id = made.headers.get("Upload-Id");
  const where = `/v1/uploads/${id}`;
  let offset = 0;
  for (let tries = 0; offset < file.size; ) {
    try {
      const headers = { ...tus, "Upload-Offset": String(offset), "Content-Type": "application/offset+octet-stream" };
      const body = file.slice(offset, offset + PART);
      offset = Number((await call(where, { method: "PATCH", headers, body })).headers.get("Upload-Offset"));
      tries = 0;
      onProgress(offset / file.size);
    } catch (fault) {
      if (++tries > 5) throw fault;
      await new Promise((later) => setTimeout(later, 500 * tries));
      offset = Number((await call(where, { method: "HEAD", headers: tus })).headers.get("Upload-Offset"));
    }
  }
  return `upload:${id}`;
}

// Server-sent events by fetch, for EventSource sends no header. A break in the middle is taken up where it was.
export async function* events(path, signal) {
  let last = "0";
  for (let tries = 0; tries < 5; tries++) {
    try {
      const answer = await call(path, { headers: { "Last-Event-ID": last }, signal });
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      let text = "";
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        text += part.value;
        const whole = text.split("\n\n");
        text = whole.pop();
        for (const event of whole) {
          const fields = Object.fromEntries(event.split("\n").map((line) => line.split(/: (.*)/s)));
          if (!fields.event) continue;
          last = fields.id;
          tries = 0;
          yield { kind: fields.event, data: JSON.parse(fields.data) };
          if (["done", "failed", "cancelled"].includes(fields.event)) return;
        }
      }
    } catch (fault) {
      if (fault.name === "AbortError" || fault.status) throw fault;
      if (tries === 4) throw fault;
    }
    await new Promise((later) => setTimeout(later, 400));
  }
}
