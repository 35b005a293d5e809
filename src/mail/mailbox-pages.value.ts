import type { OutgoingMail } from './mail.value.js';
import { escapeHtml } from './templates/layout.value.js';

/**
 * These pages run no scripts and load nothing that an email might refer to. Inline styles are needed for the email in the frame.
 */
export const MAILBOX_POLICY = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join(';');

const STYLE = `
:root { color-scheme: light dark; }
body { max-width: 900px; margin: 0 auto; padding: 24px 16px; font: 16px/1.5 system-ui, sans-serif; }
h1 { margin: 0 0 8px; font-size: 22px; }
ul { padding: 0; list-style: none; }
li { padding: 12px 0; border-top: 1px solid #8886; }
li a { font-weight: 600; }
small, dt { opacity: 0.75; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px; margin: 16px 0; }
dd { margin: 0; overflow-wrap: anywhere; }
iframe { box-sizing: border-box; width: 100%; height: 640px; border: 1px solid #8886; border-radius: 6px; }
pre { padding: 16px; border: 1px solid #8886; border-radius: 6px; white-space: pre-wrap; overflow-wrap: anywhere; }
@media (max-width: 480px) { dl { display: block; } dd { margin-bottom: 8px; } }`;

/** @param mails newest first */
export function listPage(mails: readonly OutgoingMail[]): string {
  const items = mails.map(
    ({ id, subject, to, template, writtenAt }) => `<li><a href="/dev/mailbox/${id}">${escapeHtml(subject)}</a><br>
<small>to ${escapeHtml(to)} · ${template} · <time datetime="${writtenAt.toISOString()}">${writtenAt.toISOString()}</time></small></li>`,
  );
  const list =
    items.length > 0
      ? `<ul>\n${items.join('\n')}\n</ul>`
      : '<p>No emails yet. Reload this page after one has been sent.</p>';
  return page(
    'Mailbox',
    `<p><code>SMTP_URL</code> is not set, so emails appear here instead, newest first. They are kept only in the memory of this process.</p>\n${list}`,
  );
}

export function mailPage(mail: OutgoingMail): string {
  const { from, to, subject, messageId, headers, writtenAt, text, html } = mail;
  const fields = { From: fromLine(from), To: to, Date: writtenAt.toUTCString(), 'Message-ID': messageId, ...headers };
  const rows = Object.entries(fields).map(([name, value]) => `<dt>${name}</dt><dd>${escapeHtml(value)}</dd>`);
  // Links open outside the frame; the sandbox blocks everything else.
  const framed = html.replace('<head>', '<head><base target="_top">');
  return page(
    subject,
    `<p><a href="/dev/mailbox">All emails</a></p>
<dl>${rows.join('\n')}</dl>
<iframe title="The email" sandbox="allow-top-navigation-by-user-activation" srcdoc="${escapeHtml(framed)}"></iframe>
<h2>As plain text</h2>
<pre>${linked(text)}</pre>`,
  );
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title>
<style>${STYLE}
</style>
</head>
<body>
<h1>${escapeHtml(title)}</h1>
${body}
</body>
</html>
`;
}

function fromLine({ name, address }: OutgoingMail['from']): string {
  return name === '' ? address : `${name} <${address}>`;
}

function linked(text: string): string {
  return escapeHtml(text).replace(/^https?:\/\/\S+$/gm, (url) => `<a href="${url}">${url}</a>`);
}
