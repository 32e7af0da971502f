// What the checks look at: the values files as they are, and releases that switch on or off what those do not.
import { objects } from "./helm.mjs";

const OTHER_KAFKA = [
  'kafka.enabled=false',
  'global.kafka.bootstrapServers="kafka.example:9093"',
  'global.kafka.credentials={"api":{"username":"a","secret":"kafka-api","key":"password"},"processors":{"username":"p","secret":"kafka-processors","key":"password"},"autoscaling":{"username":"k","secret":"kafka-keda","key":"password"}}',
];
const OTHER_MONGODB = [
  'mongodb.enabled=false',
  'global.mongodb.external.uri="mongodb://mongo.example:27017/?replicaSet=rs0&tls=true"',
  'global.mongodb.external.credentials={"processors":{"username":"p","secret":"mongodb-processors","key":"password"},"reporting":{"username":"r","secret":"mongodb-reporting","key":"password"}}',
];
const RABBITMQ =
  'processors.bus={"transport":"RabbitMq","rabbitmq":{"host":"rabbitmq.example","quorumSize":3,"caSecret":{"name":"rabbitmq-ca"},"credentials":{"secret":"rabbitmq-user"}}}';

/** The values files that users are given. */
export const FILES = ["values.yaml", "values-minikube.yaml", "values-production.yaml"];

export const RELEASES = {
  ...Object.fromEntries(FILES.map((file) => [file, { files: [file] }])),
  "everything on": {
    set: [
      'autoscaling.mode="lag"', "kafka.rack.enabled=true", "kafka.plainListener.enabled=true", "kafka.toolsUser.enabled=true", "monitoring.enabled=true",
      'global.telemetry.otlpEndpoint="http://collector.monitoring:4317"', 'global.image.pullSecrets=["registry"]', 'edge.limits.policy="redis"',
      'edge.limits.redis={"host":"redis.example","passwordSecret":"redis"}', 'edge.tls.secretName="tls"', 'edge.hosts={"api":"a.example","reporting":"r.example"}',
      'edge.consumers=[{"username":"sensor_1","group":"device","key":"0123456789abcdef","requestsPerSecond":20},{"username":"ops","group":"operator","existingSecret":"ops-key"}]',
      'global.namespaces={"kafka":"kafka","metrics":"metrics","kong":"kong","create":true}',
    ],
  },
  "on another Kafka and MongoDB": { set: [...OTHER_KAFKA, ...OTHER_MONGODB, RABBITMQ, 'autoscaling.mode="lag"'] },
  "without Kong": { set: ["edge.enabled=false", 'global.edge={"mode":"Embedded","consumersSecret":"iotbus-consumers"}', 'global.monitoring.scrape="annotations"', "monitoring.enabled=true"] },
  "services alone": {
    set: [...OTHER_KAFKA, ...OTHER_MONGODB, "edge.enabled=false", "autoscaling.enabled=false", "api.replicas=2", "processors.replicas=2", "reporting.replicas=2"],
  },
};

const rendered = new Map();

/** The objects of a release, rendered once. */
export function release(name) {
  if (!rendered.has(name)) rendered.set(name, objects(RELEASES[name]));
  return rendered.get(name);
}
