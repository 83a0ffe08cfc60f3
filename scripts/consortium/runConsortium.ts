/**
 * Founds and runs a network of organisations that hold its ledger together, on this machine: each with a folder, a node
 * and a validator of its own; and changes it while it runs. It is for trials: keys lie in plain files, and every party
 * that applies is enrolled.
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { DemoPartyReady } from '../../demo/parties/demoParties.ts';
import { findEngine } from '../findEngine.ts';
import { changeConsortium } from './changeConsortium.ts';
import { describeConsortium } from './describeConsortium.ts';
import { foundConsortium } from './foundConsortium.ts';
import { peopleConsortium } from './peopleConsortium.ts';
import type { OrganisationReady } from './startOrganisation.ts';
import { superviseConsortium } from './superviseConsortium.ts';
import { pinNetwork, writeHome } from './writeHome.ts';

const HELP = `npm run consortium -- [--orgs 4] [--data DIR] [--delay SECONDS] [--tls] [--unguarded] [--demo] [--json]
  found a network of organisations in DIR, or go on with the one that is there, and run it until Ctrl-C

npm run consortium -- join --organisation NAME [--data DIR] [--json]
npm run consortium -- leave --organisation NAME [--data DIR] [--json]
  have an organisation join or leave the network that runs in DIR, in another terminal: each of the others signs with its
  own folder, and the change holds once the network's delay has passed; run again, it goes on from there

  --orgs N            number of organisations of a new network, 1 to 26 (default: 4)
  --data DIR          folder of the network (default: .consortium)
  --delay SECONDS     of a new network: announce changes so long before they hold (default: 60)
  --tls               of a new network: nodes speak TLS with each other
  --unguarded         of a new network: records open without a release, unseen by whoever kept keys and a file
  --demo              of a new network: a demonstration with the people of npm start, whom its portals let in by a click;
                      medseal scenario --network DIR plays on it, as on a network without --demo
  --no-charts         with --demo: leave the people's charts empty
  --organisation NAME the organisation that joins or leaves: a-z, 0-9 and -
  --json              print one line of JSON, with addresses and process ids
  --help              print this`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    orgs: { type: 'string', default: '4' },
    data: { type: 'string', default: '.consortium' },
    delay: { type: 'string', default: '60' },
    tls: { type: 'boolean', default: false },
    unguarded: { type: 'boolean', default: false },
    demo: { type: 'boolean', default: false },
    'no-charts': { type: 'boolean', default: false },
    organisation: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const { path: engine, built } = findEngine();
const folder = resolve(values.data);

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function refuse(reason: string): never {
  say(`${reason}\n\n${HELP}`);
  process.exit(2);
}

const [verb, ...rest] = positionals;
if (values.help) console.log(HELP);
else if (rest.length > 0) refuse(`unexpected: ${rest.join(' ')}`);
else if (!built) {
  say('The engine of the ledger is not built. Build it with: npm run build engine');
  process.exitCode = 1;
} else if (verb === undefined) await run();
else if (verb === 'join' || verb === 'leave') await change(verb);
else refuse(`there is no ${verb}`);

async function run(): Promise<never> {
  const count = Number(values.orgs);
  const delay = Number(values.delay);
  if (!Number.isInteger(count) || count < 1 || count > 26) {
    refuse(`--orgs must be a number from 1 to 26 (got ${values.orgs})`);
  }
  if (!Number.isInteger(delay) || delay < 1 || delay > 999_999) {
    refuse(`--delay must be a number of seconds (got ${values.delay})`);
  }
  const stopping = Promise.withResolvers<undefined>();
  let isStopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      isStopping = true;
      stopping.resolve(undefined);
    });
  }
  const { tls, unguarded, demo } = values;
  const terms = { delay, tls, unguarded, demo };
  const founders = await foundConsortium({ folder, count, engine, say, ...terms });
  const isDemo = await pinNetwork(folder, founders);
  if (demo && !isDemo)
    refuse(`the network in ${folder} is not a demonstration: name another folder`);
  const network = await superviseConsortium({ folder, founders, engine, say });
  const ready = await Promise.race([network.ready, stopping.promise]).catch((error: unknown) =>
    say(String(error)),
  );
  if (ready !== undefined) {
    await writeHome(folder, ready);
    // Calls of nodes that stop fail, as they must.
    const tell = (text: string): void => (isStopping ? undefined : say(text));
    const peopled = isDemo ? people(ready, tell) : Promise.resolve([]);
    const parties = await Promise.race([peopled, stopping.promise]);
    const shown = { folder, organisations: ready, parties: parties ?? [] };
    if (parties === undefined) say('Stopping …');
    else if (values.json) console.log(JSON.stringify({ ready: true, ...shown }));
    else console.log(describeConsortium(shown).join('\n'));
    await Promise.race([stopping.promise, network.ended]);
  }
  const codes = await network.stop();
  process.exit(codes.every((code) => code === 0) ? 0 : 1);
}

/** The people of a demonstration; a failure is told, for the network is whole without them. */
async function people(
  organisations: readonly OrganisationReady[],
  tell: (text: string) => void,
): Promise<readonly DemoPartyReady[]> {
  tell('Opening the demonstration …');
  const charts = !values['no-charts'];
  const options = { folder, organisations, charts, say: tell };
  return await peopleConsortium(options).catch((error: unknown) => {
    tell(String(error));
    return [];
  });
}

async function change(kind: 'join' | 'leave'): Promise<void> {
  const { organisation } = values;
  if (organisation === undefined) refuse(`${kind} needs --organisation`);
  try {
    const changed = await changeConsortium({ folder, organisation, kind, engine, say });
    const { data, number, members } = changed;
    if (values.json) console.log(JSON.stringify(changed));
    else {
      console.log(
        kind === 'join'
          ? `${organisation} has joined: its folder is ${data}, and its validator has power.`
          : `${organisation} has left: its folder ${data} is its own, and its validator has no vote.`,
      );
      console.log(`In the network now, by its file ${number + 1}: ${members.join(', ')}.`);
    }
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
