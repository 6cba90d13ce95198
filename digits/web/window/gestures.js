// Mouse, fingers and pens lead the brush; the wheel changes it. Whoever goes down first leads until they come up.

import { SIZE } from "../ink/grid.js";

const LIGHTEST = 0.5; // of the brush's radius, where a pen hardly touches; full pressure, or none told, gives all of it
const RIGHT = 2; // mouse button
const PEN_ERASER = 5; // button of a pen's other end

/** Let pointers on the paper draw. `changed` is called after each event. */
export function bindGestures(paper, session, changed) {
  const { scene, sheet } = session;
  let leader = null; // the pointer that draws

  const handlers = {
    pointerdown(event) {
      if (leader !== null || event.button === 1) return;
      leader = event.pointerId;
      paper.setPointerCapture(leader);
      scene.cursor = null;
      const erase = scene.erasing || event.button === RIGHT || event.button === PEN_ERASER;
      sheet.begin(cellsOf(paper, event), radius(scene, event), erase);
      hover(event);
    },
    pointermove(event) {
      if (event.pointerId === leader) {
        const events = event.getCoalescedEvents?.() ?? [];
        for (const one of events.length ? events : [event]) sheet.extend(cellsOf(paper, one), radius(scene, one));
      }
      hover(event);
    },
    pointerup: lift,
    pointercancel: lift,
    lostpointercapture: lift,
    pointerleave() {
      scene.pointer = null;
    },
    contextmenu(event) {
      event.preventDefault(); // the right button erases
    },
  };

  function hover(event) {
    scene.pointer = event.pointerType === "touch" ? null : cellsOf(paper, event);
  }

  function lift(event) {
    if (event.pointerId !== leader) return;
    leader = null;
    sheet.end();
  }

  for (const [name, handle] of Object.entries(handlers)) {
    paper.addEventListener(name, (event) => {
      handle(event);
      changed();
    });
  }
  paper.addEventListener("wheel", (event) => {
    event.preventDefault();
    session.do(event.deltaY < 0 ? "thicker" : "thinner");
    changed();
  }, { passive: false });
}

/** Return where an event is on the sheet, in cells. */
function cellsOf(paper, { clientX, clientY }) {
  const box = paper.getBoundingClientRect();
  return [((clientX - box.left) * SIZE) / box.width, ((clientY - box.top) * SIZE) / box.height];
}

function radius(scene, { pointerType, pressure }) {
  return scene.radius * (pointerType === "pen" ? LIGHTEST + (1 - LIGHTEST) * pressure : 1);
}
