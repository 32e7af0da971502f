export const aggregateCommands = {};
