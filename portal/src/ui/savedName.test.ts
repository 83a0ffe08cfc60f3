import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { savedName } from './savedName.ts';

describe('the name under which a file of others is saved', () => {
  it('names no folder, and ends as files of its type do, whatever its author called it', () => {
    assert.equal(savedName('../a:b', 'application/pdf'), '.._a_b.pdf');
    assert.equal(savedName('letter.exe', 'application/pdf'), 'letter.exe.pdf');
    assert.equal(savedName('Scan.JPEG', 'image/jpeg'), 'Scan.JPEG');
    assert.equal(savedName('Scan', 'image/jpeg'), 'Scan.jpg');
  });

  it('stays as it is if nothing is known of its type', () => {
    assert.equal(savedName('scan.bin', 'application/octet-stream'), 'scan.bin');
    assert.equal(savedName('scan', ''), 'scan');
  });
});
