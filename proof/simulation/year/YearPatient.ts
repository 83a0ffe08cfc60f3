import type { DeviceBound } from '../../../src/client/devices/bindDevice.ts';
import type { Slip } from '../../../src/client/care/prescriptions/Slip.ts';
import type { Handle, RecordId } from '../../../src/protocol/ids.ts';
import type { Grant } from '../../../src/protocol/struct/requests.ts';
import type { Category } from '../../../src/protocol/vocabulary.ts';
import type { YearPerson } from './YearPerson.ts';

/** Content of a record that must be readable until it is erased. */
export interface YearRecord {
  readonly text: string;
  readonly category: Category;
}

/** A prescription that was shown to a pharmacist. */
export interface YearPrescription {
  readonly slip: Slip;
  /** First second at which nothing is dispensed any more. */
  readonly until: number;
}

/** A patient of the year, with all that was promised. */
export class YearPatient {
  readonly person: YearPerson;
  readonly handle: Handle;
  /** Records that were acknowledged, by id. */
  readonly records = new Map<RecordId, YearRecord>();
  /** Records of erased categories. */
  readonly erased = new Set<RecordId>();
  /** Short rights of the second doctor, the last of which may hold. */
  readonly visits: Grant[] = [];
  readonly prescriptions: YearPrescription[] = [];
  /** The wearable's present binding. */
  bound: DeviceBound | undefined;
  /** Number of the wearable's next reading. */
  reading = 0;

  /**
   * @param person - The patient at the device.
   * @param handle - The chart.
   */
  constructor(person: YearPerson, handle: Handle) {
    this.person = person;
    this.handle = handle;
  }
}
