export { basics } from './basics.cases.mjs';
export { documents } from './documents.cases.mjs';
export { failures } from './failures.cases.mjs';
export { queries } from './queries.cases.mjs';
export { transactions } from './transactions.cases.mjs';
