import { text, type Reply } from './Reply.ts';

const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:42rem;margin:3rem auto;padding:0 1rem;color:#222}' +
  'code{background:#f2f2f2;padding:.1em .3em;border-radius:3px;overflow-wrap:anywhere}' +
  '@media(prefers-color-scheme:dark){body{background:#1a1a1a;color:#ddd}code{background:#333}a{color:#8cf}}';
const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
};

/**
 * Makes a page for people, which loads nothing and runs nothing.
 *
 * @param title - Its title and heading, not yet escaped.
 * @param body - Content below the heading, as HTML.
 */
export function pageReply(title: string, body: string): Reply {
  const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
<h1>${escapeHtml(title)}</h1>
${body}
</html>
`;
  return text(page, { keeping: 'checked', headers: HEADERS });
}

/** Makes a text safe to stand in HTML, also in the value of an attribute. */
export function escapeHtml(value: string): string {
  return value.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
