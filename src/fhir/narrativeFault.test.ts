import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { narrativeFault } from './narrativeFault.ts';

function div(content: string): string {
  return `<div xmlns="http://www.w3.org/1999/xhtml">${content}</div>`;
}

const FINE: readonly (readonly [string, string])[] = [
  [
    'text and tables',
    '<table class="grid"><tr><td colspan="2">Hb&#160;7.2 &lt; 8</td></tr></table>',
  ],
  ['an image that it holds', '<img alt="x" src="data:image/png;base64,AAAA"/>'],
  [
    'addresses',
    '<a href="https://example.org/a?b=c:d">a</a><a href="#b">b</a><a href="Patient/1">c</a>',
  ],
  ['styles', '<p style="color: red; background: url( data: image/png;base64,AA )">a</p>'],
  ['styles with an image', '<p style="background-image: url(a.png); width: 1px">a</p>'],
  ['comments', '<!-- a - b --><p>a</p>'],
  ['more than a megabyte', `<p>${'a'.repeat(2 ** 21)}</p>`],
];

const ACTIVE: readonly (readonly [string, string])[] = [
  ['a script', '<script>alert(1)</script>'],
  ['a handler', '<p onclick="alert(1)">a</p>'],
  ['a handler without quotes', '<p onclick=alert(1)>a</p>'],
  ['an address that is a script', '<a href="javascript:alert(1)">a</a>'],
  ['one in other letters', '<a href="JavaScript:alert(1)">a</a>'],
  ['one with a tab in it', '<a href="java&#9;script:alert(1)">a</a>'],
  ['one spelled by numbers', '<a href="&#x6A;avascript&#58;alert(1)">a</a>'],
  ['one spelled by HTML’s names', '<a href="javascript&colon;alert(1)">a</a>'],
  ['an address that is a page', '<a href="data:text/html,<b>">a</a>'],
  ['an image that is a page', '<img src="data:text/html;base64,AAAA" alt="a"/>'],
  ['a style that is a script', '<p style="background: url(javascript:alert(1))">a</p>'],
  ['one in quotes', `<p style="background: url( 'java&#10;script:alert(1)' )">a</p>`],
  [
    'one between what only looks like a comment',
    `<p style="quotes: '/*'; background: url(javascript:alert(1)); quotes: '*/'">a</p>`,
  ],
  ['one behind a comment', '<p style="background: u/* a */rl(javascript:alert(1))">a</p>'],
  ['one that does not end', '<p style="background: url(a">a</p>'],
  ['a style that runs', '<p style="width: expression(alert(1))">a</p>'],
  ['a style with escapes', '<p style="background: u\\72l(https://example.org/a)">a</p>'],
  ['a style sheet', '<style>p { color: red }</style>'],
  ['a form', '<form action="https://example.org"><input/></form>'],
  ['a frame', '<iframe src="https://example.org"></iframe>'],
  ['an object', '<object data="https://example.org/a.swf"></object>'],
  ['a drawing', '<svg><g/></svg>'],
  ['a link to a style sheet', '<link rel="stylesheet" href="https://example.org/a.css"/>'],
  ['an element in capitals', '<SCRIPT>alert(1)</SCRIPT>'],
  ['a comment that ends early in HTML', '<!--><script>alert(1)</script>-->'],
  ['one that ends early by a dash', '<!---><script>alert(1)</script>-->'],
  ['a section of text that HTML does not have', '<![CDATA[<script>alert(1)</script>]]>'],
  ['an instruction', '<?php echo 1 ?>'],
  ['a tag within a value', '<p title="<script>">a</p>'],
  ['elements that cross', '<b><i>a</b></i>'],
  ['an element that does not end', '<p>a'],
];

describe('narrativeFault', () => {
  for (const [what, content] of FINE) {
    it(`takes ${what}`, () => assert.equal(narrativeFault(div(content)), undefined));
  }

  // @attack a record's narrative carries a script, for the page of whoever reads it | narratives are refused that do more than format text
  it('finds what could run or fetch something, or be taken for something else by a reader of HTML', () => {
    for (const [what, content] of ACTIVE) assert.equal(narrativeFault(div(content)), 'txt-1', what);
  });

  it('finds what is not one div', () => {
    const others = [
      'a',
      '',
      ' ',
      '<p>a</p>',
      `${div('a')}${div('b')}`,
      `a${div('b')}`,
      `${div('a')}b`,
    ];
    for (const other of others) assert.equal(narrativeFault(other), 'txt-1', other);
  });

  it('finds that there is nothing to read', () => {
    for (const content of ['', ' \n ', '<p> </p>', '<!-- a -->', '<br/>']) {
      assert.equal(narrativeFault(div(content)), 'txt-2', content);
    }
    assert.equal(narrativeFault(div('<img src="#a" alt="a"/>')), undefined);
  });

  // @attack a style of some KB holds up for minutes who adds the file, or hides an address by false comments | a style is read once from its beginning to its end, with comments and without
  it('is done soon with what is made to take long', () => {
    const long = 2 ** 20;
    for (const content of ['<', '<p ', '<!--', '<!-- - ', '<p a="', '<b>', ' ', '&#']) {
      narrativeFault(div(content.repeat(long / content.length)));
      narrativeFault(div(`<p${' '.repeat(long)}${content}`));
    }
    for (const content of ['/* ', 'url( ', 'url()', "url('", ' ', 'behavior ']) {
      const style = content.repeat(long / content.length);
      for (const beginning of ['', 'url(', '/*']) {
        narrativeFault(div(`<p style="${beginning}${style}">a</p>`));
      }
    }
  });
});
