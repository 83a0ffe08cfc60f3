import { examinationCases } from './examineFolder.cases.ts';

examinationCases('few');
