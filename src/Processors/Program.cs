using IotBus.Processors;

await ProcessorsService.Create(args).RunAsync();
