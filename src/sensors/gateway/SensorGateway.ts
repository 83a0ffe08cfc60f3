// Over 400 lines: a gateway is one object, whose lanes, rests and ends share what it knows of each batch.
import { isSealedToOthers, mayPrepareAgain } from '../../client/devices/submitReadings.ts';
import type { ErrorCode } from '../../errors/catalogue.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import type { Clock } from '../../protocol/Clock.ts';
import type { Address, Bytes32, RecordId } from '../../protocol/ids.ts';
import { deviceIdOf } from '../../protocol/sensors/deviceIdOf.ts';
import { isSealedByDevice } from '../../protocol/sensors/isSealedByDevice.ts';
import { parseReadingsMessage } from '../../protocol/sensors/parseReadingsMessage.ts';
import type { SigningContext } from '../../protocol/struct/signing.ts';
import type { BatchEnd, ReadingsSpool, StoredBatch } from '../spool/ReadingsSpool.ts';
import { Announcements } from './Announcements.ts';
import { parseDeviceHello, type DeviceHello } from './DeviceHello.ts';
import { DeviceRights } from './DeviceRights.ts';
import { KeysForDevices, type KeysFound, type KeysWantedFrom } from './KeysForDevices.ts';
import { Intake, type BatchAnswer, type MessageGiven } from './Intake.ts';
import type { BatchPlace, DeviceRight, ReadingsAuthor } from './ReadingsAuthor.ts';

/** Batches that are submitted at once. */
const AT_ONCE = 128;
/** Batches that are sealed and uploaded at the same time. */
const SEALED_AT_ONCE = 8;
/** Groups of batches that are on their way at the same time: one is sealed while another is judged. */
const LANES = 2;
/** Milliseconds for which a device's line rests if its batch cannot be put on the log now, and for which all rest if no node answers. */
const REST = 5000;
/** The same if it must only be sealed again. */
const SHORT_REST = 200;
/** Milliseconds after which no earlier request of a batch is on its way: what has the batch's place then is another's. */
const TAKEN_AFTER = 600_000;
const HOUR = 3_600_000;
/**
 * The same for a batch that was sealed for another node's log, as that may have promised it: until its organisation has left the
 * network, and the log has ended.
 */
const MOVED_AFTER = 30 * 24 * HOUR;

/** Codes after which a batch can never be prepared. */
const NEVER_PREPARED: ReadonlySet<ErrorCode> = new Set([
  'RIGHT_ENDED',
  'READINGS_INVALID',
  'READINGS_UNTIMELY',
  'CATEGORY_EXCLUDED',
] as const);
/** Codes of refusals that will never be another. */
const NEVER_TAKEN: ReadonlySet<ErrorCode> = new Set([
  ...NEVER_PREPARED,
  'RIGHT_MISSING',
  'RIGHT_DENIED',
] as const);
/** Events of a gateway. */
export interface GatewayEvents {
  /** A batch has ended. */
  ended(device: Address, digest: Bytes32, end: BatchEnd): void;
  /** A device that announced itself has a right. */
  bound(device: Address, right: DeviceRight): void;
  /** A right is over: its patient ended it, or its time is up. */
  over(right: DeviceRight): void;
  /** A device announced itself that has no right, for the first time as far as the gateway remembers. */
  unbound?(hello: DeviceHello): void;
  /** Batches could not be sent for now. */
  delayed(error: MedsealError): void;
  /** The spool cannot be written: the gateway takes nothing more. */
  broken(error: MedsealError): void;
}

/** Surroundings of a gateway. */
export interface GatewayPorts extends Pick<SigningContext, 'primitives'> {
  readonly spool: ReadingsSpool;
  readonly author: ReadingsAuthor;
  readonly clock: Clock;
  readonly events: GatewayEvents;
  /** Milliseconds between two readings of the rights. */
  readonly refresh: number;
}

/** An announcement as its transport gives it. */
export interface HelloGiven {
  /** JSON; not trusted. */
  readonly text: string;
  /** Device that the transport names, if it does. */
  readonly from?: string;
  /** Place that it came from, which shares the room with others: a broker, or the network of an address. */
  readonly source: string;
}

/**
 * Takes what devices sign, whatever the transport, and puts it on the log, once. A device is told that its batch is
 * stored when the spool has it on disk.
 */
export class SensorGateway {
  readonly #ports: GatewayPorts;
  readonly #rights: DeviceRights;
  readonly #intake: Intake;
  readonly #keys: KeysForDevices;
  readonly #announced: Announcements;
  /** Announcements of devices that have a right. */
  readonly #bound = new Map<RecordId, DeviceHello>();
  readonly #lanes = new Set<Promise<void>>();
  /** Rights under which nodes refused a batch because they ended: what else waits under them ends here. */
  readonly #refused = new Set<Bytes32>();
  /** Batches whose place nodes call taken, with the moment at which they first did, in Unix milliseconds. */
  readonly #taken = new Map<Bytes32, number>();
  readonly #cancels = new Map<string, () => void>();
  #rests = false;
  #closed = false;

  /** @param ports - Spool, party, time, and events. */
  constructor(ports: GatewayPorts) {
    this.#ports = ports;
    this.#rights = new DeviceRights(ports.author, ports.clock, {
      onNew: (right) => this.#tell(right),
      onOver: (right) => ports.events.over(right),
    });
    this.#intake = new Intake({ ...ports, rights: this.#rights });
    this.#keys = new KeysForDevices({ ...ports, rights: this.#rights });
    this.#announced = new Announcements(ports.clock);
  }

  /**
   * Reads the rights, and begins to send what waits.
   *
   * @throws MedsealError if no node answers.
   */
  async start(): Promise<void> {
    await this.#rights.refresh();
    await this.#ports.spool.prune();
    this.#every('rights', this.#ports.refresh, async () => await this.#rights.refresh());
    this.#every('prune', HOUR, async () => await this.#ports.spool.prune());
    this.#send();
  }

  /** Takes no more batches, and waits for those that are on their way. */
  async stop(): Promise<void> {
    this.#closed = true;
    this.#rights.stop();
    for (const cancel of this.#cancels.values()) cancel();
    await Promise.all(this.#lanes);
    await this.#ports.spool.idle();
  }

  /** Devices that announced themselves and have no right yet. */
  get unbound(): readonly DeviceHello[] {
    return this.#announced.all;
  }

  /** Returns the right that a device has here; undefined if none stands. */
  rightOf(device: Address): DeviceRight | undefined {
    return this.#rights.ofDevice(deviceIdOf(this.#ports.primitives, device));
  }

  /** Tells whether a device has, or had, a right here. */
  knows(device: Address): boolean {
    return this.#rights.knows(deviceIdOf(this.#ports.primitives, device));
  }

  /** Tells whether a device's right was given to this gateway, and whether it is over; undefined if it was not, or is another device's. */
  stateOf(device: Address, grant: Bytes32): 'stands' | 'over' | undefined {
    if (!this.#rights.isOf(grant, deviceIdOf(this.#ports.primitives, device))) return undefined;
    return this.#rights.isOver(grant) ? 'over' : 'stands';
  }

  /**
   * Takes a device's announcement.
   *
   * @param given - The announcement.
   * @returns The device, and its right if it has one.
   * @throws MedsealError `READINGS_INVALID`.
   */
  announce({ text, from, source }: HelloGiven): {
    readonly hello: DeviceHello;
    readonly right?: DeviceRight;
  } {
    const { primitives, events } = this.#ports;
    const hello = parseDeviceHello({ primitives }, text);
    if (from !== undefined && from !== hello.device) {
      throw new MedsealError('READINGS_INVALID', { what: 'device' });
    }
    const id = deviceIdOf(primitives, hello.device);
    const right = this.#rights.ofDevice(id);
    if (this.#rights.knows(id)) this.#bound.set(id, hello);
    if (right !== undefined) events.bound(hello.device, right);
    else if (this.#announced.add(id, hello, source)) events.unbound?.(hello);
    return { hello, ...(right && { right }) };
  }

  /**
   * Takes a message; resolves when its batch is on disk, or with the reason why not: `REQUEST_TOO_LARGE`,
   * `READINGS_INVALID`, `READINGS_UNTIMELY`, `RIGHT_MISSING`, `RIGHT_ENDED`, `STORAGE_FULL`, `STORAGE_FAILED`,
   * `QUOTA_SPENT`; `OVERLOADED` if the gateway is stopping, or too many wait; `PEER_UNREACHABLE` if no node says whether
   * there is such a right.
   *
   * @param given - The message.
   */
  async take(given: MessageGiven): Promise<BatchAnswer> {
    if (this.#closed) return { error: new MedsealError('OVERLOADED', {}), isOwn: false };
    const answer = await this.#intake.take(given);
    const { failure } = this.#ports.spool;
    if (failure !== undefined) this.#break(failure);
    if (answer.state?.state === 'stored') this.#send();
    return answer;
  }

  /**
   * Answers a device that seals its readings, and asks whom to seal to.
   *
   * @param given - The question.
   * @throws MedsealError as `KeysForDevices.answer` does.
   */
  async keysFor(given: KeysWantedFrom): Promise<KeysFound> {
    return await this.#keys.answer(given);
  }

  /** Keeps as many groups on their way as there are lanes, until nothing waits. */
  #send(): void {
    while (!this.#closed && !this.#rests && this.#lanes.size < LANES) {
      if (this.#ports.spool.waiting.batches === 0) return;
      const lane = this.#sendGroups()
        .catch((error: unknown) => this.#break(error))
        .finally(() => this.#lanes.delete(lane));
      this.#lanes.add(lane);
    }
  }

  /** Takes and sends nothing more, because the disk does not take it. */
  #break(cause: unknown): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#ports.events.broken(toMedsealError(cause));
  }

  async #sendGroups(): Promise<void> {
    // Batches that come in the same turn share a group.
    await new Promise(setImmediate);
    while (!this.#closed && !this.#rests) {
      const group = await this.#ports.spool.take(AT_ONCE);
      if (group.length === 0) {
        // Devices that still rest have their turn later, also if nothing else comes by then.
        const { rest } = this.#ports.spool;
        if (rest !== undefined) this.#later('send what rested', rest, () => this.#send());
        return;
      }
      await this.#sendGroup(group);
    }
  }

  async #sendGroup(group: readonly StoredBatch[]): Promise<void> {
    const ready: { readonly batch: StoredBatch; readonly prepared: string }[] = [];
    const rest = [...group];
    await Promise.all(
      Array.from({ length: SEALED_AT_ONCE }, async () => {
        for (let batch = rest.shift(); batch !== undefined; batch = rest.shift()) {
          const prepared = await this.#prepare(batch);
          if (prepared !== undefined) ready.push({ batch, prepared });
        }
      }),
    );
    if (ready.length === 0) return;
    let outcomes: readonly (BatchPlace | MedsealError)[];
    try {
      outcomes = await this.#ports.author.submit(ready.map(({ prepared }) => prepared));
    } catch (error) {
      for (const { batch } of ready) this.#ports.spool.putBack(batch);
      this.#restAll(error);
      return;
    }
    await Promise.all(
      ready.map(async ({ batch }, place) => await this.#settle(batch, outcomes[place])),
    );
  }

  /** The request of a batch, on disk; undefined if it cannot be made now, or never. */
  async #prepare(batch: StoredBatch): Promise<string | undefined> {
    if (batch.prepared !== undefined) return batch.prepared;
    const { primitives, spool, author } = this.#ports;
    let prepared: string;
    try {
      const message = parseReadingsMessage(primitives, batch.message);
      const id = deviceIdOf(primitives, batch.device);
      const right = this.#rights.find(message.header.grant, id);
      if (this.#refused.has(right.digest)) throw new MedsealError('RIGHT_ENDED', {});
      const announced = this.#bound.get(id);
      const named = announced && { announced };
      prepared = await author.prepare({ ...right, message, bytes: batch.message, ...named });
    } catch (error) {
      await this.#fail(batch, toMedsealError(error), NEVER_PREPARED);
      return undefined;
    }
    await spool.keepPrepared(batch, prepared);
    return prepared;
  }

  async #settle(batch: StoredBatch, outcome: BatchPlace | MedsealError | undefined): Promise<void> {
    if (outcome === undefined || outcome instanceof MedsealError) {
      const error = outcome ?? new MedsealError('PEER_MALFORMED', { what: 'outcome' });
      await this.#fail(batch, error, NEVER_TAKEN);
    } else {
      await this.#end(batch, { state: 'entered', log: outcome.log, index: outcome.index });
    }
  }

  async #end(batch: StoredBatch, end: BatchEnd): Promise<void> {
    await this.#ports.spool.end(batch, end);
    this.#taken.delete(batch.digest);
    this.#ports.events.ended(batch.device, batch.digest, end);
  }

  /** Ends a batch that was refused for good. Any other is sealed or sent again, and delays its own device alone. */
  async #fail(
    batch: StoredBatch,
    error: MedsealError,
    never: ReadonlySet<ErrorCode>,
  ): Promise<void> {
    const { primitives, spool, clock, events } = this.#ports;
    if (never.has(error.code)) {
      const { grant } = parseReadingsMessage(primitives, batch.message).header;
      this.#intake.refused(grant, error.code);
      if (isMedsealError(error, 'RIGHT_ENDED')) {
        this.#refused.add(grant);
        this.#rights.end(grant);
      }
      await this.#end(batch, refusalOf(error));
      return;
    }
    const isStale = mayPrepareAgain(error);
    if (this.#isSealedByDevice(batch) && isSealedToOthers(error)) {
      // Only the device can seal what it sealed to keys that turned.
      await this.#end(batch, refusalOf(error));
      return;
    }
    const isTaken = isMedsealError(error, 'REQUEST_ALTERED');
    const now = clock.now();
    const since = isTaken ? this.#takenSince(batch.digest, now) : now;
    const [first, patience] =
      batch.movedAt === undefined ? [since, TAKEN_AFTER] : [1000 * batch.movedAt, MOVED_AFTER];
    if (isTaken && now - first >= patience) {
      // Somebody else's record has the batch's id. Later batches of the device must not wait for ever.
      await this.#end(batch, refusalOf(error));
      return;
    }
    if (isMedsealError(error, 'LOG_WRONG')) {
      spool.putBack(await spool.move(batch), SHORT_REST);
      this.#later(`send after ${SHORT_REST}`, SHORT_REST, () => this.#send());
      return;
    }
    if (isStale) await spool.discardPrepared(batch);
    if (isTaken && batch.movedAt !== undefined) {
      // It delays no other of its device.
      events.delayed(error);
      this.#later(`send ${batch.digest}`, HOUR, () => {
        spool.putBack(batch);
        this.#send();
      });
      return;
    }
    const isBrief = isStale && since === now;
    const rest = isBrief ? SHORT_REST : REST;
    spool.putBack(batch, rest);
    if (!isBrief) events.delayed(error);
    this.#later(`send after ${rest}`, rest, () => this.#send());
  }

  #isSealedByDevice({ message }: StoredBatch): boolean {
    return isSealedByDevice(parseReadingsMessage(this.#ports.primitives, message).header);
  }

  #takenSince(digest: Bytes32, now: number): number {
    const since = this.#taken.get(digest) ?? now;
    this.#taken.set(digest, since);
    return since;
  }

  #restAll(cause: unknown): void {
    this.#rests = true;
    this.#ports.events.delayed(toMedsealError(cause));
    this.#later('send', REST, () => {
      this.#rests = false;
      this.#send();
    });
  }

  #tell(right: DeviceRight): void {
    const { record } = right.grant.terms;
    const hello = this.#announced.get(record);
    if (hello === undefined) return;
    this.#announced.delete(record);
    this.#bound.set(record, hello);
    this.#ports.events.bound(hello.device, right);
  }

  #every(name: string, period: number, run: () => Promise<void>): void {
    this.#later(name, period, () => {
      void run()
        .catch((error: unknown) => this.#ports.events.delayed(toMedsealError(error)))
        .finally(() => this.#every(name, period, run));
    });
  }

  /** Runs something once, later, unless the same waits already. */
  #later(name: string, milliseconds: number, run: () => void): void {
    if (this.#closed || this.#cancels.has(name)) return;
    const cancel = this.#ports.clock.after(milliseconds, () => {
      this.#cancels.delete(name);
      run();
    });
    this.#cancels.set(name, cancel);
  }
}

function refusalOf({ code, message, values }: MedsealError): BatchEnd {
  return { state: 'refused', code, message, values };
}
