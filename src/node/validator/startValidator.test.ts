import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { after, describe, it } from 'node:test';
import { portablePrimitives } from '../../crypto/portablePrimitives.ts';
import { openFolder } from '../../folder/openFolder.ts';
import { systemClock } from '../../folder/systemClock.ts';
import type { Clock } from '../../protocol/Clock.ts';
import { consortium } from '../../protocol/test/sampleConsortium.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { parseConfiguration } from '../configuration/parseConfiguration.ts';
import type { LogFields } from '../operate/Logger.ts';
import { scratchFolder } from '../test/scratchFolder.ts';
import { PLATFORM_HERE } from './platforms.ts';
import { startValidator } from './startValidator.ts';
import { validatorKeysOf } from './validatorKeys.ts';

const none = (): void => undefined;

const folders: string[] = [];
after(async () => {
  for (const folder of folders) await rm(folder, { recursive: true });
});

describe('the start of a validator', () => {
  // @actor another user of the machine | removes the program that the network agreed on, so that another one runs in its place
  it('runs no program at all, not even to make the first state, if the pinned one is lacking, and says which', async () => {
    const folder = await scratchFolder();
    folders.push(folder);
    const [program, ran] = [`${folder}/medseal-engine`, `${folder}/ran`];
    await writeFile(program, `#!/bin/sh\ntouch ${ran}\n`);
    await chmod(program, 0o700);
    await mkdir(`${folder}/node/validator`, { recursive: true });
    await writeFile(
      `${folder}/node/validator/program.json`,
      JSON.stringify({ sha256: word('pinned') }),
    );
    const lacking = Promise.withResolvers<LogFields>();
    const clock: Clock = { ...systemClock, after: () => none };
    const primitives = portablePrimitives;
    const validator = await startValidator({
      files: await openFolder(`${folder}/node`),
      began: consortium,
      networks: [consortium],
      organisation: 'hospital',
      keys: validatorKeysOf(
        { validator: new Uint8Array(32).fill(1), node: new Uint8Array(32).fill(2) },
        primitives,
      ),
      settings: { ...parseConfiguration({}).validator, program },
      primitives,
      clock,
      log: {
        debug: none,
        info: none,
        warn: none,
        error(event, fields = {}) {
          if (event === 'validator lacks its program') lacking.resolve(fields);
        },
      },
    });
    assert.deepEqual(await lacking.promise, { platform: PLATFORM_HERE, sha256: word('pinned') });
    assert.equal(validator.pid, undefined);
    await validator.stop();
    assert.equal(existsSync(ran), false);
  });
});
