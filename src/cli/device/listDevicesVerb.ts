import { examineAudit } from '../../client/audit/examineAudit.ts';
import { faultsOf } from '../../client/audit/readAudit.ts';
import { listDevices, type DeviceListed } from '../../client/devices/listDevices.ts';
import { followDevices } from '../../protocol/sensors/followDevices.ts';
import { shortCodeOf } from '../../protocol/sensors/shortCodeOf.ts';
import { findPatient, namesOf } from '../contact/findContact.ts';
import { describeMoment, short } from '../describeBody.ts';
import { openVisitor } from '../home/openVisitor.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import { tellWaiting } from '../tellWaiting.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import { table } from '../terminal/table.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { savePin } from './savePin.ts';
import { describeFollowed, toldOfFollowed } from './describeFollowed.ts';
import type { DEVICES_LISTED } from './deviceAnswers.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { DEVICE_LIST } from './deviceOptions.ts';

/**
 * Lists the devices that are bound to the visitor's chart, and if asked for what the evidence tells of each.
 */
export async function listDevicesVerb(
  terminal: Terminal,
  options: VisitorOptions & OptionsOf<typeof DEVICE_LIST>,
): Promise<AnswerOf<typeof DEVICES_LISTED>> {
  const visitor = await openVisitor(terminal, options);
  const { party } = visitor;
  const { handle } = await findPatient(visitor, undefined);
  const listed = await listDevices(party);
  const names = await namesOf(visitor);
  const devices = listed.map(({ digest, state, grant, device, shortCode, name }) => ({
    grant: digest,
    state,
    terms: grant.terms,
    ...(device && { device }),
    ...(shortCode !== undefined && { shortCode }),
    ...(name !== undefined && { name }),
  }));
  const lines: string[] =
    listed.length === 0
      ? ['No device is bound to your chart.']
      : [
          ...table(
            ['code', 'name', 'gateway', 'categories', 'from', 'until', 'state', 'grant'],
            listed.map((each) => rowOf(each, names)),
            { drop: ['categories', 'from', 'name', 'state'] },
          ),
        ];
  const { pin } = options;
  if (pin !== undefined) lines.push('', await savePin(party, handle, pin));
  const value = { devices, ...(pin !== undefined && { pin }) };
  if (options.follow === undefined) return { value, lines };
  const audit = await examineAudit(party, tellWaiting(terminal));
  const bodies = audit.logs.flatMap(({ events }) => events.flatMap(({ body }) => body ?? []));
  const followed = followDevices(party, bodies).map((each) =>
    toldOfFollowed(each, shortCodeOf(party.primitives, each.device)),
  );
  const faults = faultsOf(audit);
  return {
    ok: faults.length === 0,
    value: { ...value, followed, faults },
    lines: [
      ...lines,
      ...followed.flatMap((each) => ['', ...describeFollowed(each)]),
      ...(followed.length === 0 ? ['', 'No readings came.'] : []),
      ...(faults.length === 0
        ? []
        : ['', 'Failed checks:', ...faults.map((fault) => `  - ${fault}`)]),
    ],
  };
}

function rowOf(
  { digest, grant, state, device, shortCode, name }: DeviceListed,
  names: ReadonlyMap<string, string>,
): readonly string[] {
  const { grantee, record, categories, from, until } = grant.terms;
  return [
    shortCode ?? short(record),
    name ?? device?.model ?? '–',
    names.get(grantee) ?? short(grantee),
    categories.join(', '),
    describeMoment(from),
    describeMoment(until),
    state,
    digest.slice(0, 10),
  ];
}
