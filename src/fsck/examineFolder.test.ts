import { examinationCases } from './examineFolder.cases.ts';

examinationCases({ every: false });
