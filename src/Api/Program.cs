using IotBus.Api;

await using var app = ApiService.Create(args);
await app.RunAsync();
