// What clients are told of the replica set of one.
import { ObjectId } from 'bson';

export const SET_NAME = 'rs0';
export const ELECTION_ID = new ObjectId('7fffffff0000000000000001');
