import type { MailText } from './mails.value.js';

/** A mail's text with all that surrounds it. */
export interface Page {
  locale: string;
  text: MailText;
  link?: { url: string; hint: string };
  footer: string;
}

/** Works without the style sheet, which some programs take away; with it, also in the dark. */
const STYLE = `
body { margin: 0; background: #f3f4f6; color: #1f2937; }
.sheet { box-sizing: border-box; max-width: 560px; margin: 0 auto; padding: 32px 24px; background: #ffffff; }
a.button { display: inline-block; padding: 12px 20px; border-radius: 6px; background: #1d4ed8; color: #ffffff; font-weight: 600; text-decoration: none; }
.small { color: #4b5563; font-size: 14px; overflow-wrap: anywhere; }
th { padding: 4px 16px 4px 0; text-align: left; vertical-align: top; font-weight: normal; color: #4b5563; }
td { padding: 4px 0; overflow-wrap: anywhere; }
@media (prefers-color-scheme: dark) {
  body { background: #111827; color: #f3f4f6; }
  .sheet { background: #1f2937; }
  .small, th { color: #d1d5db; }
  .small a { color: #93c5fd; }
  a.button { background: #3b82f6; color: #0b1220; }
}`;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

export function plainPage({ text, link, footer }: Page): string {
  const facts = (text.facts ?? []).map(([name, value]) => `${name}: ${value}`).join('\n');
  const action = link && `${text.action}:\n${link.url}`;
  return `${[...text.before, facts, action, ...text.after, `-- \n${footer}`].filter(Boolean).join('\n\n')}\n`;
}

export function htmlPage({ locale, text, link, footer }: Page): string {
  const title = escapeHtml(text.subject);
  return `<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${title}</title>
<style>${STYLE}
</style>
</head>
<body>
<div class="sheet" style="font: 16px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif">
<h1 style="margin: 0 0 16px; font-size: 22px; line-height: 1.3; overflow-wrap: anywhere">${title}</h1>
${[...text.before.map(paragraph), facts(text), button(text, link), ...text.after.map(paragraph), address(link)].filter(Boolean).join('\n')}
<hr style="margin: 24px 0 16px; border: 0; border-top: 1px solid #9ca3af">
<p class="small" style="margin: 0">${escapeHtml(footer)}</p>
</div>
</body>
</html>
`;
}

function paragraph(sentence: string): string {
  return `<p style="margin: 0 0 16px; overflow-wrap: anywhere">${escapeHtml(sentence)}</p>`;
}

function facts({ facts: known = [] }: MailText): string {
  if (known.length === 0) return '';
  const rows = known.map(
    ([name, value]) => `<tr><th scope="row">${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`,
  );
  return `<table style="margin: 0 0 16px; border-collapse: collapse">\n${rows.join('\n')}\n</table>`;
}

function button({ action }: MailText, link: Page['link']): string {
  if (!link || action === undefined) return '';
  return `<p style="margin: 24px 0"><a class="button" href="${escapeHtml(link.url)}">${escapeHtml(action)}</a></p>`;
}

function address(link: Page['link']): string {
  if (!link) return '';
  const url = escapeHtml(link.url);
  return `<p class="small" style="margin: 0">${escapeHtml(link.hint)}<br><a href="${url}">${url}</a></p>`;
}
