import { askedView, keepOf } from '../protocol/evidence/askedView.ts';
import type { Body, EntryBody } from '../protocol/evidence/evidence.ts';
import { ZERO32 } from '../protocol/ids.ts';
import type { Ask, Erase, View, ViewSet, Write } from '../protocol/struct/requests.ts';
import type { Purpose } from '../protocol/vocabulary.ts';

const PURPOSES: Readonly<Record<Purpose, string>> = {
  TREAT: 'treatment',
  ETREAT: 'emergency treatment',
  HPAYMT: 'payment',
  HOPERAT: 'the running of the organisation',
  HRESCH: 'research',
  PATRQT: 'the patient’s own request',
  PUBHLTH: 'public health',
  BTG: 'breaking the glass',
};

/**
 * Describes in plain words the act that an entry reports or asks for, such as
 * `added a record of laboratory, version 1`.
 *
 * @param body - The body of the entry.
 */
export function describeBody({ flag, code, request, left }: Body): string {
  const { type, message } = request;
  const set = type === 'ViewSet' ? (message as ViewSet) : undefined;
  const view = set ?? askedView(request);
  const done =
    set !== undefined
      ? { past: 'opened', infinitive: 'open', object: describeSet(set, left) }
      : view !== undefined
        ? describeView(view as View)
        : type === 'Write'
          ? describeWrite(message as Write)
          : type === 'Erase'
            ? describeErase(message as Erase)
            : type === 'Ask'
              ? describeAsk(message as Ask)
              : { past: 'signed', infinitive: 'sign', object: `a request of the kind ${type}` };
  const what = `${flag === 'A' ? done.past : `was refused to ${done.infinitive}`} ${done.object}`;
  const keep = view && keepOf(view);
  const kept = keep === undefined ? '' : ` and may look again until ${describeMoment(keep)}`;
  const why = `for ${describePurpose(message.purpose)}`;
  return flag === 'A' ? `${what}${kept}, ${why}` : `${what}, ${why} (${code ?? 'no code'})`;
}

/**
 * Describes an entry of either kind in plain words, with the party that acted.
 *
 * @param body - The body of the entry.
 */
export function describeEntry(body: EntryBody): string {
  if (body.format === 'medseal-body/1') return `${body.request.party} ${describeBody(body)}`;
  const counts = Object.entries(body.counts).map(([code, count]) => `${count} × ${code}`);
  return `the agent counted refusals that got no entry of their own: ${counts.join(', ')}`;
}

interface Done {
  readonly past: string;
  readonly infinitive: string;
  readonly object: string;
}

function describeWrite({ action, category, record, version, about, grant, size }: Write): Done {
  // The patient objects without a right, and who wrote the record answers by one.
  const what = grant === ZERO32 ? 'objection' : 'answer to an objection';
  const named = about === ZERO32 ? 'record' : `${what} to ${short(about)},`;
  const object = `${named} ${short(record)} (${category}), version ${version}, ${size} bytes sealed`;
  return action === 'add'
    ? { past: 'added', infinitive: 'add', object }
    : { past: 'amended', infinitive: 'amend', object };
}

const SEEN: Readonly<Record<Exclude<View['what'], 'record'>, string>> = {
  chart: 'the chart: the list of records',
  audit: 'all events of the chart',
  chain: 'the chain of what it signed itself',
  takeover: 'the keys that the lost key had sealed',
};

function describeView({ what, record, version }: View): Done {
  if (what === 'record') {
    return {
      past: 'opened',
      infinitive: 'open',
      object: `record ${short(record)}, version ${version}`,
    };
  }
  const object = SEEN[what];
  return { past: 'saw', infinitive: 'see', object };
}

/** Says how many record versions a set of views released, and how many it asked for if they are more. */
function describeSet({ count }: ViewSet, left: Body['left'] = []): string {
  const asked = count === 1 ? '1 record version' : `${count} record versions`;
  return left.length === 0 ? asked : `${count - left.length} of ${asked}`;
}

function describeErase({ category, epoch }: Erase): Done {
  const object = `all records of ${category} up to epoch ${epoch}`;
  return { past: 'erased', infinitive: 'erase', object };
}

function describeAsk({ what, request, grant }: Ask): Done {
  const object = `the request ${short(request)}`;
  if (what === 'request') {
    return { past: 'asked', infinitive: 'ask', object: `for a right, with ${object}` };
  }
  return what === 'grant'
    ? { past: 'granted', infinitive: 'grant', object: `${object}, by the right ${short(grant)}` }
    : { past: 'declined', infinitive: 'decline', object };
}

/** Describes a purpose of use in plain words, such as `treatment`. */
export function describePurpose(purpose: Purpose): string {
  return PURPOSES[purpose];
}

/** The beginning of a word in hexadecimal, for people. */
export function short(word: string): string {
  return `${word.slice(0, 10)}…`;
}

/** A moment in Unix seconds, for people. */
export function describeMoment(at: number): string {
  return new Date(at * 1000).toISOString().replace('T', ' ').replace('.000Z', ' UTC');
}
