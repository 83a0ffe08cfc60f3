/**
 * Founds and runs a network of organisations that hold its ledger together, on this machine: each with a folder, a node
 * and a validator of its own. It is for trials: keys lie in plain files, and every party that applies is enrolled. Run it
 * as `npm run consortium -- --orgs 4 --data DIR [--json]`; run again, it goes on with what is in the folder.
 */
import { parseArgs } from 'node:util';
import { findEngine } from '../findEngine.ts';
import { foundConsortium } from './foundConsortium.ts';
import { startOrganisation } from './startOrganisation.ts';

const { values } = parseArgs({
  options: {
    orgs: { type: 'string', default: '4' },
    data: { type: 'string', default: '.consortium' },
    json: { type: 'boolean', default: false },
  },
});
const { path: engine, built } = findEngine();
const count = Number(values.orgs);

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

if (!built) {
  say('The engine of the ledger is not built. Build it with: npm run engine:build');
  process.exit(1);
}
if (!Number.isInteger(count) || count < 1 || count > 26) {
  say(`--orgs must be a number from 1 to 26 (got ${values.orgs})`);
  process.exit(1);
}

let asked = false;
const stopping = Promise.withResolvers<undefined>();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    asked = true;
    stopping.resolve(undefined);
  });
}

const organisations = await foundConsortium({ folder: values.data, count, engine, say });
const nodes = organisations.map((each) =>
  startOrganisation({ ...each, engine, say, isStopping: () => asked }),
);
const ready = await Promise.race([
  Promise.all(nodes.map(async (each) => await each.ready)),
  stopping.promise,
]).catch((error: unknown) => say(String(error)));
if (ready !== undefined) {
  if (values.json) console.log(JSON.stringify({ ready: true, organisations: ready }));
  else {
    for (const { organisation, urls, node, validator } of ready) {
      console.log(`${organisation}: node ${node}, validator ${validator}`);
      console.log(`  parties ${urls.agents}/${organisation}   ledger ${urls.ledger}`);
      console.log(`  organisations ${urls.peers}   operator ${urls.operate}`);
    }
    console.log(`\nThe network file is ${organisations[0]?.data}/network.json. Ctrl-C stops all.`);
  }
  await Promise.race([stopping.promise, Promise.all(nodes.map(async (each) => await each.ended))]);
}
asked = true;
const codes = await Promise.all(nodes.map(async (each) => await each.stop()));
process.exit(codes.every((code) => code === 0) ? 0 : 1);
