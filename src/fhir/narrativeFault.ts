/**
 * Checks a narrative by the rules that R4 gives for it, the invariants txt-1 and txt-2
 * (https://hl7.org/fhir/R4/narrative.html): only elements and attributes that format text, so no scripts, forms, frames
 * or event handlers, and something to read. It also holds what both a reader of XML and one of HTML would take for
 * markup to one meaning, and addresses and styles to those that run nothing.
 *
 * @param div - The XHTML of a Narrative.
 * @returns The invariant that it breaks; undefined if it breaks none.
 */
export function narrativeFault(div: string): 'txt-1' | 'txt-2' | undefined {
  const open: string[] = [];
  let isReadable = false;
  let at = 0;
  while (at < div.length) {
    const next = div.indexOf('<', at);
    const end = next === -1 ? div.length : next;
    if (/\S/.test(div.slice(at, end))) {
      if (open.length === 0) return 'txt-1';
      isReadable = true;
    }
    if (next === -1) break;
    const tag = readTag(div, next);
    if (tag === undefined) return 'txt-1';
    at = tag.end;
    const { name, kind } = tag;
    if (kind === 'comment') continue;
    if (open.length === 0 && (name !== 'div' || next !== div.search(/\S/))) return 'txt-1';
    if (kind === 'close' && open.pop() !== name) return 'txt-1';
    if (kind === 'open') open.push(name);
    if (name === 'img') isReadable = true;
  }
  if (open.length > 0 || at === 0) return 'txt-1';
  return isReadable ? undefined : 'txt-2';
}

interface Tag {
  readonly kind: 'open' | 'close' | 'empty' | 'comment';
  readonly name: string;
  /** The place behind it. */
  readonly end: number;
}

/** Reads the tag or comment that begins at a place; undefined if it is not well-formed or not allowed. */
function readTag(div: string, from: number): Tag | undefined {
  if (div.startsWith('<!--', from)) {
    // HTML ends a comment at `<!-->` and `<!--->`, XML does not: what stands behind could be hidden from one of them.
    const end = div.indexOf('--', from + 4);
    const isSafe =
      end !== -1 && div[end + 2] === '>' && !/^-?>/.test(div.slice(from + 4, from + 6));
    return isSafe ? { kind: 'comment', name: '', end: end + 3 } : undefined;
  }
  const [head, slash = '', name = ''] = matchAt(/<(\/?)([a-z][a-z0-9]*)/y, div, from) ?? [];
  if (head === undefined || !ELEMENTS.has(name)) return undefined;
  let at = from + head.length;
  let attribute = matchAt(ATTRIBUTE, div, at);
  while (attribute !== undefined) {
    const [text, key = '', double, single] = attribute;
    if (slash !== '' || !isAllowed(name, key, double ?? single ?? '')) return undefined;
    at += text.length;
    attribute = matchAt(ATTRIBUTE, div, at);
  }
  const [tail, empty] = matchAt(/\s*(\/?)>/y, div, at) ?? [];
  if (tail === undefined || (slash !== '' && empty !== '')) return undefined;
  const kind = slash !== '' ? 'close' : empty !== '' ? 'empty' : 'open';
  return { kind, name, end: at + tail.length };
}

const ATTRIBUTE = /\s+([A-Za-z][\w:.-]*)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

function isAllowed(element: string, attribute: string, value: string): boolean {
  if (attribute === 'style') return isInertStyle(decode(value));
  if (ADDRESSES.has(attribute)) return isInertAddress(decode(value), element === 'img');
  return ATTRIBUTES.has(attribute);
}

/** Addresses that name another place, a part of the page, or, of an image, the image itself. */
function isInertAddress(address: string, isImage: boolean): boolean {
  const [beginning = ''] = address.replaceAll(/[\s\p{Cc}]/gu, '').split(/[/?#]/);
  // A name for a character that is left here could be that of a colon.
  if (beginning.includes('&')) return false;
  const [, scheme] = /^([^:]*):/.exec(beginning.toLowerCase()) ?? [];
  if (scheme === 'data') return isImage && /^data:image$/.test(beginning.toLowerCase());
  return scheme === undefined || SCHEMES.has(scheme);
}

/**
 * Styles that run nothing, whose images are places as those of `img` are; an escape could spell anything else. Text
 * that looks like a comment may be one, or stand in a string: neither may make a difference.
 */
function isInertStyle(style: string): boolean {
  return [style, withoutComments(style)].every((text) => {
    const [beginning = '', ...addressed] = text.toLowerCase().split('url(');
    const others = addressed.map(behindInertAddress);
    const rest = [beginning, ...others].join('');
    const runs = /[\\&]|expression\(|script:|behaviou?r\s*:|-moz-binding|@import/.test(rest);
    return !runs && !others.includes(undefined);
  });
}

/** Returns the text behind an address in a style; undefined if the address does not end, or is not inert. */
function behindInertAddress(text: string): string | undefined {
  const end = text.indexOf(')');
  if (end === -1) return undefined;
  const written = text.slice(0, end).trim();
  const [, single, double, bare] = /^(?:'([^']*)'|"([^"]*)"|([^'"]*))$/.exec(written) ?? [];
  const address = single ?? double ?? bare;
  if (address === undefined || !isInertAddress(address, true)) return undefined;
  return text.slice(end + 1);
}

/** A pattern would look for the end once more from each beginning of a comment that has none. */
function withoutComments(style: string): string {
  const kept: string[] = [];
  for (let at = 0; ;) {
    const from = style.indexOf('/*', at);
    const end = from === -1 ? -1 : style.indexOf('*/', from + 2);
    if (end === -1) return [...kept, style.slice(at)].join('');
    kept.push(style.slice(at, from));
    at = end + 2;
  }
}

/** Decodes the references to characters that XML has; those that only HTML has stay. */
function decode(value: string): string {
  return value.replaceAll(
    /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos));/gi,
    (all, ...groups) => {
      const [decimal, hex, name] = groups as (string | undefined)[];
      if (name !== undefined) return NAMED[name.toLowerCase()] ?? all;
      const point = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
      return point <= 0x10_ff_ff ? String.fromCodePoint(point) : all;
    },
  );
}

const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

const SCHEMES = new Set(['http', 'https', 'mailto', 'tel', 'fax', 'urn', 'cid', 'ftp']);

const ADDRESSES = new Set(['href', 'src', 'cite', 'longdesc']);

/** Elements that txt-1 lists. */
const ELEMENTS = new Set(
  (
    'a abbr acronym b big blockquote br caption cite code col colgroup dd dfn div dl dt em h1 h2 h3 h4 h5 h6 hr i img ' +
    'li ol p pre q samp small span strong sub sup table tbody td tfoot th thead tr tt ul var'
  ).split(' '),
);
const ATTRIBUTES = new Set(
  (
    'abbr accesskey align alt axis bgcolor border cellhalign cellpadding cellspacing cellvalign char charoff charset ' +
    'class colspan compact coords dir frame headers height hreflang hspace id lang name nowrap rel rev rowspan rules ' +
    'scope shape span start summary tabindex title type valign value vspace width xml:lang xml:space xmlns'
  ).split(' '),
);
