import assert from 'node:assert/strict';
import { it } from 'node:test';
import { changeSection } from './changeSection.ts';
import { ReleaseError } from './runTool.ts';

const LOG = '# Change log\n\n## 0.2.0\n\n- New\n\n## 0.1.1\n\n## 0.1.0\n\n- First\n';

it('a section of the change log is that of its version alone', () => {
  assert.equal(changeSection(LOG, '0.2.0'), '- New');
  assert.equal(changeSection(LOG, '0.1.0'), '- First');
});

for (const version of ['0.1.1', '0.2', '0.2.0-dev.0', '0.3.0', '']) {
  it(`a release of “${version}” without changes in the change log is refused`, () => {
    assert.throws(() => changeSection(LOG, version), ReleaseError);
  });
}
