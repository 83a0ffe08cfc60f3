import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { styleFaults } from './styleFaults.ts';

const BASE = 'style/base.css';
const CARD = 'ui/Card.module.css';
const USES = `import classes from './Card.module.css';
  const card = <p className="row"><b className={classes['card']} /></p>;`;

/** Faults of a base, a module and the component beside it. */
async function faultsOf(base: string, card: string, component: string = USES): Promise<string> {
  const sheets = new Map([
    [BASE, base],
    [CARD, card],
  ]);
  return (await styleFaults(sheets, new Map([['ui/Card.tsx', component]]))).join('\n');
}

describe('the looks of components', () => {
  it('have no fault if each class is of one sheet and used', async () => {
    assert.equal(await faultsOf('.row {}', '.card {} .card > p {} @media print { .card {} }'), '');
  });

  it('are refused if a selector names the class of another sheet, below its own or beside it', async () => {
    for (const selector of ['.card .row', '.card:has(.row)', '.card.row', '.card:not(.row)']) {
      const faults = await faultsOf('.row {}', `.card {} ${selector} {}`);
      assert.match(faults, /\.row is a class of/, selector);
    }
  });

  it('are refused if a selector reaches out of a module, or a class of the base has a parent', async () => {
    assert.match(await faultsOf('.row {}', ':global(.row) .card {}'), /:global/);
    assert.match(await faultsOf('.row {} .row select {}', '.card {}'), /\.row select depends/);
  });

  it('are refused if a selector reaches each drawing below its own, and not only those right in it', async () => {
    for (const selector of ['.card svg', '.card p svg text', '.card > p, .card svg:hover']) {
      assert.match(await faultsOf('.row {}', `.card {} ${selector} {}`), /reaches the icons/);
    }
    const own = '.card {} .card > svg {} .card a > svg text {} .card > b + svg {}';
    assert.equal(await faultsOf('.row {}', own), '');
  });

  it('are refused if a class is used that no sheet has, in whatever way it is written', async () => {
    for (const value of ['"rwo"', '{on ? "rwo" : undefined}', '{`row ${on && "rwo"}`}']) {
      const faults = await faultsOf('.row {}', '.card {}', `${USES} <i className=${value} />;`);
      assert.match(faults, /has the class rwo/, value);
    }
    for (const asked of ["['crad']", '.crad']) {
      const faults = await faultsOf('.row {}', '.card {}', `${USES} classes${asked};`);
      assert.match(faults, /no such class: ui\/Card\.module\.css crad/);
    }
  });

  it('are refused if nothing uses a class', async () => {
    assert.match(
      await faultsOf('.row {} .col {}', '.card {}'),
      /base\.css: nothing uses the class col/,
    );
    assert.match(await faultsOf('.row {}', '.card {} .card.old {}'), /nothing uses the class old/);
  });
});
