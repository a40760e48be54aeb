/**
 * Whether the long series of tests are played whole, as CI does on Mondays (`npm run test:thorough`);
 * `npm test` plays the beginning of each, which has every kind of step once.
 */
export const THOROUGH = process.env.RR_THOROUGH === '1'
