// The story of the page: a network, a session, a window. It is opened, and it reads.

import { Keeper } from "./app/keeping.js";
import { Session } from "./app/session.js";
import { Engine } from "./reading/engine.js";
import { adapt, bindPictures, host } from "./window/host.js";
import { show } from "./window/loop.js";

const text = (id) => document.getElementById(id).textContent;
const { steps, threshold } = JSON.parse(text("network"));
const bytes = Uint8Array.from(atob(text("weights")), (letter) => letter.charCodeAt(0));
const engine = new Engine(steps, new Float32Array(bytes.buffer), ["vectors", "plain"]);
const session = new Session(engine, threshold, host, new Keeper(storage()));
show(session);
bindPictures(session);
adapt();
globalThis.digits = { session, engine }; // for whoever wants to look inside

function storage() {
  try {
    return localStorage;
  } catch {
    return null; // people have forbidden it
  }
}
