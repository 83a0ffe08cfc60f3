import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Party } from '../client/party/Party.ts';
import { memoryFiles } from '../folder/test/memoryFiles.ts';
import type { SignedApplication } from '../protocol/AgentPort.ts';
import { recipientHash } from '../protocol/rights/recipientHash.ts';
import { sign } from '../protocol/struct/signing.ts';
import { failsWith } from '../protocol/test/failsWith.ts';
import { ROLES } from '../protocol/vocabulary.ts';
import { SharedFiles } from './databases/SharedFiles.ts';
import { LedgerIndex } from '../services/LedgerIndex.ts';
import type { AuthorityPort } from '../services/ports.ts';
import { requireApproval } from './founding/approvals.ts';
import { acceptEveryone, openAuthority, type Accepts } from './openAuthority.ts';
import { BEGIN, startTestNetwork, type TestNetwork } from './test/testNetwork.ts';

const ROOT = join(import.meta.dirname, '../..');
let network: TestNetwork;
let applicant: Party;

before(async () => {
  network = await startTestNetwork();
  applicant = await network.party('doctor', { enrolled: false });
});
after(async () => await network.close());

function memberThat(accepts: Accepts | undefined): AuthorityPort {
  const { file, ledger: provider, clock, ports } = network;
  const authorityKey = network.authorityKeys[0] ?? assert.fail();
  const home = { organisation: 'hospital', authorityFiles: memoryFiles(), authorityKey };
  const succession = { files: [file], fork: undefined, dropped: [] };
  return openAuthority(home as never, {
    network: file,
    succession,
    index: new LedgerIndex({ provider, network: file, clock }),
    ports,
    accepts,
    shared: new SharedFiles(),
  });
}

function applicationFor(role: string): SignedApplication {
  const { address: party, recipient, primitives } = applicant;
  const message = {
    party,
    role,
    organisation: 'hospital',
    recipient: recipientHash(primitives, recipient),
    deadline: BEGIN + 600,
  };
  return {
    application: sign(applicant, applicant, 'Application', message),
    card: { party, recipient },
  };
}

describe('a member of the authority', () => {
  for (const role of ROLES) {
    // @actor somebody who opens a node in a program, and says nothing of whom its authority accepts | enrols anybody under any role
    it(`to which nobody said whom it accepts signs for nobody: ${role}`, async () => {
      const refused = failsWith('ENROLMENT_REFUSED', {
        reason: 'a member of the authority declined',
      });
      const asked = applicationFor(role);
      const { enrolment, ...issued } = await memberThat(acceptEveryone).draft(asked);
      const { patientId, salt } = issued;
      const opening = patientId !== undefined && salt !== undefined && { patientId, salt };
      for (const accepts of [undefined, async () => await Promise.resolve(false)]) {
        const member = memberThat(accepts);
        await assert.rejects(member.draft(asked), refused);
        const request = { application: asked, enrolment, ...(opening && { opening }) };
        await assert.rejects(member.approve(request), refused);
      }
      const waiting = memberThat(requireApproval);
      await assert.rejects(waiting.draft(asked), failsWith('NOT_YET'));
    });
  }

  it('accepts everyone only in a demonstration, or where the setting says so', () => {
    const product = globSync('{demo,src}/**/!(*.test).ts', { cwd: ROOT })
      .filter((file) => !/(?:^|\/)test\//.test(file))
      .filter((file) => says(file).includes('acceptEveryone'));
    const [demonstration, setting] = ['src/node/openNetwork.ts', 'src/node/run/openPresent.ts'];
    const expected = ['src/node/openAuthority.ts', demonstration, setting];
    assert.deepEqual(product.toSorted(), expected.toSorted());
    assert.match(says(demonstration), /accepts: folder\.demo \? acceptEveryone : requireApproval,/);
    assert.match(
      says(setting),
      /accepts: accepts === 'everyone' \? acceptEveryone : requireApproval,/,
    );
  });
});

function says(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}
