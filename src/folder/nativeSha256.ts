import { createHash } from 'node:crypto';
import type { CreateSha256 } from '../crypto/Sha256Stream.ts';

/** SHA-256 of a stream by OpenSSL. */
export const nativeSha256: CreateSha256 = () => createHash('sha256');
