import { randomBytes } from '@noble/hashes/utils.js';
import { ageIdentity, recipientOf } from '../../crypto/keys/ageIdentity.ts';
import type { Dealing } from '../dealing/Dealing.ts';
import { giveDeal, giveRecipient } from '../dealing/giveDeal.ts';
import { nameKeys } from '../dealing/nameKeys.ts';
import { takeShares } from '../dealing/takeShares.ts';
import { verifyDealing } from '../dealing/verifyDealing.ts';
import type { Hex, Organisation } from '../ids.ts';
import type { NetworkFile } from '../network/NetworkFile.ts';
import { draftSuccessor } from '../network/signSuccessor.ts';
import type { SuccessorTerms } from '../network/successorOf.ts';
import { successorOf } from '../network/successorOf.ts';
import { context, primitives, signatory } from './sampleNetwork.ts';

/** Changes of the sample network that deal shares; each organisation keeps its own secrets. */

/** The secrets of an organisation that take part in deals. */
export interface Dealer {
  readonly identities: Map<string, string>;
  /** Its shares, by their public keys. */
  readonly shares: Map<Hex, Uint8Array>;
}

/** A change under way, with its organisations. */
export class DealingPlay {
  readonly predecessor: NetworkFile;
  readonly dealers: Map<Organisation, Dealer>;
  dealing: Dealing;

  constructor(
    predecessor: NetworkFile,
    terms: SuccessorTerms,
    release: Dealing['release'],
    dealers = new Map<Organisation, Dealer>(),
  ) {
    this.predecessor = predecessor;
    this.dealers = dealers;
    this.dealing = {
      format: 'medseal-dealing/2',
      channel: 'care',
      release,
      successor: draftSuccessor(context, predecessor, terms),
      recipients: [],
      deals: [],
    };
  }

  get state(): ReturnType<typeof verifyDealing> {
    return verifyDealing(context, this.predecessor, this.dealing);
  }

  /** The file that the change makes. */
  get network(): NetworkFile {
    const successor = nameKeys(this.predecessor, this.state, this.dealing);
    return successorOf(primitives, this.predecessor, successor);
  }

  dealer(name: Organisation): Dealer {
    const known = this.dealers.get(name) ?? { identities: new Map(), shares: new Map() };
    this.dealers.set(name, known);
    return known;
  }

  async announce(...names: readonly Organisation[]): Promise<void> {
    for (const name of names) {
      const { plan } = this.state;
      const identity = ageIdentity(randomBytes(32));
      this.dealer(name).identities.set(plan.ceremony, identity);
      const recipient = await recipientOf(identity);
      this.dealing = giveRecipient(this, this.state, this.dealing, this.giver(name), recipient);
    }
  }

  async deal(...names: readonly Organisation[]): Promise<void> {
    for (const name of names) {
      const shares = this.sharesOf(name);
      const giver = { ...this.giver(name), shares };
      this.dealing = await giveDeal(this, this.state, this.dealing, giver);
    }
  }

  /** Has an organisation take what was dealt to it. */
  async take(name: Organisation): Promise<void> {
    const identity = this.dealer(name).identities.get(this.state.plan.ceremony) ?? '';
    const member = { organisation: name, identity };
    const taken = await takeShares(primitives, this.state, this.dealing, member);
    for (const { key, secret } of taken) this.dealer(name).shares.set(key, secret);
  }

  /** Plays it to the end. */
  async play(members: readonly Organisation[], dealers = members): Promise<NetworkFile> {
    await this.announce(...members);
    await this.deal(...dealers);
    for (const name of members) await this.take(name);
    return this.network;
  }

  /** An organisation's shares, by the public keys of what they are shares of. */
  sharesOf(name: Organisation): ReadonlyMap<Hex, Uint8Array> {
    const found = new Map<Hex, Uint8Array>();
    for (const { publicKey, dealers } of this.state.plan.keys) {
      const secret = this.dealer(name).shares.get(dealers.get(name)?.key ?? '0x');
      if (publicKey !== undefined && secret !== undefined) found.set(publicKey, secret);
    }
    return found;
  }

  giver(organisation: Organisation): Parameters<typeof giveRecipient>[3] {
    return { organisation, key: signatory(`coordinator of ${organisation}`) };
  }

  readonly primitives = primitives;
  readonly random = randomBytes;
}
