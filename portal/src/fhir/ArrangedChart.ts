import type { AttachmentShown } from './attachmentsOf.ts';
import type { Described } from './describeResource.ts';
import type { Series } from './measurementsOf.ts';

/** A resource and what people read of it. */
export interface ChartItem extends Described {
  readonly resource: unknown;
}

/** A document, with its files. */
export interface ChartDocument extends ChartItem {
  readonly attachments: readonly AttachmentShown[];
}

/** A chart as a clinician reads it; each list newest first. */
export interface ArrangedChart {
  /** Every record of a person's details. */
  readonly persons: readonly ChartItem[];
  readonly problems: {
    readonly active: readonly ChartItem[];
    readonly resolved: readonly ChartItem[];
  };
  readonly allergies: readonly ChartItem[];
  readonly medicines: {
    readonly active: readonly ChartItem[];
    readonly stopped: readonly ChartItem[];
  };
  /** Series of vital signs, and of everything else. */
  readonly vitals: readonly Series[];
  readonly results: readonly Series[];
  /** Results by the report that names them. */
  readonly panels: readonly Panel[];
  readonly immunizations: readonly ChartItem[];
  readonly procedures: readonly ChartItem[];
  readonly encounters: readonly ChartItem[];
  readonly documents: readonly ChartDocument[];
  readonly others: readonly ChartItem[];
  /** All of them. */
  readonly all: readonly ChartItem[];
}

/** A report with its results, or results that belong to no report. */
export interface Panel {
  /** Absent for results that no report names. */
  readonly report?: ChartItem;
  readonly results: readonly ChartItem[];
}
