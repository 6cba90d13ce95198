// What the browser does for a session: pictures in and out, the clipboard, sharing, and an icon on the home screen.

import { fromBlob, toBlob } from "../files/pictures.js";

const NAME = "digit.png";

export const host = {
  choose: (columns) => chosen("#chosen", columns),
  photograph: (columns) => chosen("#photograph", columns),

  async save(ink) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await toBlob(ink));
    link.download = NAME;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    return NAME;
  },

  async copy(ink, text) {
    const copied = { "image/png": toBlob(ink), "text/plain": new Blob([text], { type: "text/plain" }) };
    try {
      await navigator.clipboard.write([new ClipboardItem(copied)]);
    } catch {
      throw new Error("The clipboard cannot be reached.");
    }
  },

  async share(ink, text) {
    const files = [new File([await toBlob(ink)], NAME, { type: "image/png" })];
    try {
      await navigator.share(navigator.canShare?.({ files }) ? { files, text } : { text });
    } catch (error) {
      if (error.name !== "AbortError") throw new Error("It could not be shared.");
    }
  },
};

/** Let people pick a file, and return the ink of the picture in it; a choice that is called off never ends. */
function chosen(selector, columns) {
  const input = document.querySelector(selector);
  return new Promise((resolve, reject) => {
    input.onchange = () => {
      if (input.files.length) fromBlob(input.files[0], columns).then(resolve, reject);
      input.value = "";
    };
    input.click();
  });
}

/** Take pictures that are dropped on the page or pasted. */
export function bindPictures(session) {
  const take = (event, data) => {
    const file = [...(data?.files ?? [])].find(({ type }) => type.startsWith("image/"));
    if (!file) return;
    event.preventDefault();
    session.take(fromBlob(file, session.sheet.columns));
  };
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    event.preventDefault(); // even what is no picture must not take the page's place
    take(event, event.dataTransfer);
  });
  document.addEventListener("paste", (event) => take(event, event.clipboardData));
}

/** Let the page be put on a home screen, where it comes from a server; and show what only some browsers can do. */
export function adapt() {
  for (const button of document.querySelectorAll("[data-command=share]")) button.hidden = !navigator.share;
  if (!location.protocol.startsWith("http")) return;
  const style = getComputedStyle(document.documentElement);
  const manifest = {
    name: "Digits",
    short_name: "Digits",
    description: document.querySelector("meta[name=description]").content,
    start_url: location.href.split("#")[0],
    display: "standalone",
    background_color: style.getPropertyValue("--ground").trim(),
    theme_color: style.getPropertyValue("--ground").trim(),
    icons: [{ src: document.querySelector("link[rel=icon]").href, sizes: "any", type: "image/svg+xml" }],
  };
  const link = document.querySelector("link[rel=manifest]");
  link.href = `data:application/manifest+json,${encodeURIComponent(JSON.stringify(manifest))}`;
}
