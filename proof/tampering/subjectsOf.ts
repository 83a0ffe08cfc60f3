import { cp, rm } from 'node:fs/promises';
import { AtRest, rowsIn } from './AtRest.ts';
import { databaseSubject } from './databaseSubject.ts';
import { evidenceSubjects } from './evidenceSubjects.ts';
import { fileSubjects } from './fileSubjects.ts';
import { rowSubjects } from './rowSubjects.ts';
import type { Stage } from './Stage.ts';
import type { Subject } from './Subject.ts';

/**
 * All classes of things that can be altered of a network at rest, and of what parties kept of it.
 *
 * @param stage - The network.
 */
export async function subjectsOf(stage: Stage): Promise<readonly Subject[]> {
  const { data, older, passphrase } = stage;
  const whole = await AtRest.open(data);
  const copy = `${older}-read`;
  await cp(older, copy, { recursive: true });
  const then = await rowsIn(copy);
  await rm(copy, { recursive: true });
  return [
    ...rowSubjects(whole, then),
    databaseSubject(whole, older, then),
    ...(await fileSubjects({ whole, older, passphrase })),
    ...(await evidenceSubjects(stage)),
  ];
}
