/** All styles of the panel, put in by the build: one text, scoped to our own elements. */
declare const VOXPROMPT_STYLES: string;

let installed = false;

/** Adds the styles to the page, once. A constructed style sheet: it needs no loader, and no exception in a content policy. */
export function installStyles(): void {
  if (installed) return;
  installed = true;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(VOXPROMPT_STYLES);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}
