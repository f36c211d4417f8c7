/** What the phone keeps until the server has it: one way in for the screens. */
export * from './shapes'
