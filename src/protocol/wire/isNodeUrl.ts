/** Address of a node as a pattern: http or https, a host, perhaps a path; no name and password, no query. */
export const NODE_URL = '^https?://[^\\s/?#@]{1,253}(?:/[^\\s?#]{0,253})?$';

/** Tells whether a text is the address of a node, such as `https://medseal.laboratory.example`. */
export function isNodeUrl(text: unknown): text is string {
  return typeof text === 'string' && new RegExp(NODE_URL).test(text) && URL.canParse(text);
}
