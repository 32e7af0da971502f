// Makes the replica set and its users, or finds them made: it runs at every install and upgrade.
const fs = require("fs");
const password = (user) => fs.readFileSync(`/etc/iotbus/${user}-password`, "utf8").trim();
const members = process.env.MEMBERS.split(",");
const database = process.env.DATABASE;

// A member that is not in a replica set yet is asked alone; one that is may not be the primary.
const connect_ = (host, options) =>
  connect(`mongodb://root:${encodeURIComponent(password("root"))}@${host}/admin?authSource=admin&${options}`);

const first = connect_(members[0], "directConnection=true");
try {
  first.adminCommand({ replSetGetStatus: 1 });
} catch (error) {
  if (error.codeName !== "NotYetInitialized") throw error;
  print("making the replica set");
  first.adminCommand({ replSetInitiate: { _id: "rs0", members: members.map((host, _id) => ({ _id, host })) } });
}

const admin = connect_(members.join(","), "replicaSet=rs0&serverSelectionTimeoutMS=60000");

// Members that were added to the values since are added here, one at a time, as MongoDB asks. None is taken out: that is an operator's decision.
const config = admin.adminCommand({ replSetGetConfig: 1 }).config;
for (const host of members.filter((member) => !config.members.some((known) => known.host === member))) {
  print(`adding ${host}`);
  config.version += 1;
  config.members.push({ _id: Math.max(...config.members.map((known) => known._id)) + 1, host });
  admin.adminCommand({ replSetReconfig: config });
}

const users = {
  // dbAdmin: a retention that is changed later changes the collection, which readWrite may not.
  processors: [{ role: "readWrite", db: database }, { role: "dbAdmin", db: database }],
  reporting: [{ role: "read", db: database }],
  backup: [{ role: "backup", db: "admin" }, { role: "restore", db: "admin" }],
};
for (const [user, roles] of Object.entries(users)) {
  // The password too: a new one in the Secret is what makes a rotation.
  const known = admin.getUser(user);
  if (known) admin.updateUser(user, { pwd: password(user), roles });
  else admin.createUser({ user, pwd: password(user), roles });
  print(`${known ? "updated" : "made"} the user ${user}`);
}
