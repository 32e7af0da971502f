await IotBus.Reporting.ReportingService.Create(args).RunAsync();
