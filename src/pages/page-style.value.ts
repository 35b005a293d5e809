/** Fits a phone of 320 pixels, light and dark, and shows where the focus is. */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --around: #f3f4f6; --ink: #1f2937; --faint: #4b5563; --line: #6b7280;
  --accent: #1d4ed8; --on-accent: #ffffff; --good: #166534; --wrong: #b91c1c;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #1f2937; --around: #111827; --ink: #f3f4f6; --faint: #d1d5db; --line: #9ca3af;
    --accent: #60a5fa; --on-accent: #0b1220; --good: #86efac; --wrong: #fca5a5;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--around); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; }
main { max-width: 480px; min-height: 100vh; margin: 0 auto; padding: 32px 24px; background: var(--paper); }
@media (min-width: 600px) { main { min-height: 0; margin-top: 10vh; border-radius: 12px; padding: 40px; box-shadow: 0 1px 4px #0003; } }
main > .app { margin-bottom: 8px; color: var(--faint); font-weight: 600; }
h1 { margin: 0 0 16px; font-size: 24px; line-height: 1.25; overflow-wrap: anywhere; }
p { margin: 0 0 16px; overflow-wrap: anywhere; }
[hidden] { display: none !important; }
fieldset { min-width: 0; margin: 8px 0 0; padding: 0; border: 0; }
fieldset:disabled { opacity: 0.5; }
label { font-weight: 600; }
input[name] { display: block; width: 100%; margin: 4px 0; padding: 11px 12px; border: 1px solid var(--line); border-radius: 6px; background: transparent; color: inherit; font: inherit; }
input[aria-invalid] { border-color: var(--wrong); box-shadow: 0 0 0 1px var(--wrong); }
.small, .check { color: var(--faint); font-size: 14px; font-weight: normal; }
.hint { margin: 0 0 8px; }
.check { display: flex; align-items: center; gap: 8px; min-height: 24px; margin-bottom: 8px; }
.check input { width: 18px; height: 18px; margin: 0; accent-color: var(--accent); }
button, .button { width: 100%; margin-top: 8px; min-height: 48px; padding: 12px 20px; border: 0; border-radius: 6px; background: var(--accent); color: var(--on-accent); font: inherit; font-weight: 600; cursor: pointer; }
button:disabled { cursor: not-allowed; }
a { color: var(--accent); }
a.button { display: block; color: var(--on-accent); text-align: center; text-decoration: none; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
form + #status { margin: 16px 0 0; }
form[hidden] + #status { margin: 0; }
form + #status:empty { margin: 0; }
#status:focus { outline: none; }
.good { color: var(--good); }
.wrong { color: var(--wrong); }
.field-error { margin: 0 0 8px; }
.field-error:empty { margin: 0; }
#way-on, #new-link { margin: 16px 0 0; }
footer { margin-top: 32px; padding-top: 12px; border-top: 1px solid #8886; }`;
