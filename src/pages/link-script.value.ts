/**
 * What the pages run, as `/pages/link.js`: takes the token out of the fragment and of the address bar, and sends it when the
 * button is pressed, not before: what only opens links, as mail scanners do, uses none up. It writes text and never HTML.
 */
export const LINK_SCRIPT = `'use strict';
const form = document.querySelector('form');
const fieldset = form.querySelector('fieldset');
const field = form.querySelector('[name]');
const fieldError = document.getElementById('field-error');
const before = document.getElementById('before');
const status = document.getElementById('status');
const show = document.getElementById('show');
const wayOn = document.getElementById('way-on');
const newLink = document.getElementById('new-link');
const words = JSON.parse(form.dataset.words);
const needsToken = 'needsToken' in form.dataset;
const keepsDevice = 'keepsDevice' in form.dataset;
let token = null;
let sending = false;

function say(text, kind = '') {
  status.textContent = text;
  status.className = kind;
}

function offer(ready) {
  before.hidden = form.hidden = !ready;
  if (wayOn) wayOn.hidden = true;
  fieldset.disabled = !ready;
}

function readLink() {
  if (needsToken) {
    const found = new URLSearchParams(location.hash.slice(1)).get('token');
    if (found === null && token !== null) return;
    token = found;
    history.replaceState(null, '', location.pathname + location.search);
  }
  const ready = !needsToken || Boolean(token);
  offer(ready);
  newLink.hidden = ready;
  blame('');
  say(ready ? '' : words.noToken, 'wrong');
}

function blame(text) {
  if (!field) return;
  fieldError.textContent = text;
  if (text === '') return field.removeAttribute('aria-invalid');
  field.setAttribute('aria-invalid', 'true');
  field.focus();
}

function finish(text, kind) {
  offer(false);
  form.reset();
  token = null;
  say(text, kind);
  status.focus();
}

function succeed() {
  finish(words.done, 'good');
  if (wayOn) wayOn.hidden = false;
}

function wordsFor({ code, detail }) {
  return (Object.hasOwn(words.problems, code) && words.problems[code]) || detail || words.failed;
}

function tell(problem) {
  if (problem.code === 'invalid_one_time_token') {
    newLink.hidden = false;
    return finish(wordsFor(problem), 'wrong');
  }
  const errors = problem.errors ?? [];
  const own = errors.find((error) => field && error.field === field.name);
  const other = own ? undefined : (errors[0] ?? problem);
  say(other ? wordsFor(other) : '', 'wrong');
  if (own) blame(wordsFor(own));
}

async function send() {
  const response = await fetch(form.dataset.endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      ...(needsToken && { token }),
      ...(field && { [field.name]: field.value }),
      ...(keepsDevice && { transport: 'cookie' }),
    }),
    credentials: keepsDevice ? 'same-origin' : 'omit',
    cache: 'no-store',
    redirect: 'error',
  });
  if (response.ok) return succeed();
  tell(await response.json().catch(() => ({})));
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  if (sending) return;
  sending = true;
  blame('');
  say(words.working);
  await send().catch(() => say(words.offline, 'wrong'));
  sending = false;
});
show?.addEventListener('change', () => {
  field.type = show.checked ? 'text' : 'password';
});
addEventListener('hashchange', readLink);
readLink();
`;
