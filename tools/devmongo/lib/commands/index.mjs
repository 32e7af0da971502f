// All commands by name.
import { aggregateCommands } from './aggregate.mjs';
import { collectionCommands } from './collections.mjs';
import { cursorCommands } from './cursors.mjs';
import { deleteCommands } from './delete.mjs';
import { diagnosticCommands } from './diagnostics.mjs';
import { findAndModifyCommands } from './find-and-modify.mjs';
import { findCommands } from './find.mjs';
import { handshakeCommands } from './handshake.mjs';
import { indexCommands } from './indexes.mjs';
import { insertCommands } from './insert.mjs';
import { sessionCommands } from './sessions.mjs';
import { updateCommands } from './update.mjs';

export const commands = new Map();

for (const group of [handshakeCommands, diagnosticCommands, sessionCommands, collectionCommands, indexCommands, insertCommands, updateCommands,
  deleteCommands, findCommands, findAndModifyCommands, cursorCommands, aggregateCommands]) {
  for (const [name, command] of Object.entries(group)) commands.set(name, { ...command, fields: new Set(command.fields) });
}
