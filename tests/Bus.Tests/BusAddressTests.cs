namespace IotBus.Bus.Tests;

/// <summary>Where on RabbitMQ a message goes whose address was written down here, on another RabbitMQ, or on a bus in memory.</summary>
public sealed class BusAddressTests
{
    [Theory]
    [InlineData("rabbitmq://broker/orders?bind=true", "exchange:orders", true)]
    [InlineData("rabbitmqs://broker:5672/vhost/orders?bind=true&queue=other", "exchange:orders", true)]
    [InlineData("rabbitmq://broker/vhost/Shop:OrderPlaced", "exchange:Shop:OrderPlaced", false)]
    [InlineData("loopback://localhost/orders?bind=true", "exchange:orders", true)]
    [InlineData("loopback://localhost/Orders?type=Direct", "exchange:Orders", false)]
    public void It_goes_to_the_exchange_of_that_name(string address, string exchange, bool needsQueue) =>
        Assert.Equal(new BusAddress(new Uri(exchange), needsQueue), BusAddress.Parse(new Uri(address)));

    [Theory]
    [InlineData("rabbitmq://broker/vhost/host_bus_1?temporary=true", "exchange:host_bus_1?temporary=true")]
    [InlineData("rabbitmq://broker/orders?durable=false&type=direct", "exchange:orders?durable=false&type=direct")]
    [InlineData("rabbitmq://broker/orders?autodelete=true", "exchange:orders?autodelete=true")]
    [InlineData("rabbitmq://broker/orders?autodelete=true&bind=true&singleactiveconsumer=true", "exchange:orders?autodelete=true")]
    public void An_exchange_stays_as_it_was_declared(string address, string exchange) =>
        Assert.Equal(exchange, BusAddress.Parse(new Uri(address)).Exchange.OriginalString);

    [Theory]
    [InlineData("loopback://localhost/urn:message:Shop.Sales:OrderPlaced", "exchange:Shop.Sales:OrderPlaced")]
    [InlineData("loopback://localhost/urn:message:Shop:Orders+Placed", "exchange:Shop:Orders-Placed")]
    public void What_was_published_in_memory_goes_to_the_exchange_of_its_type_and_waits_for_a_queue(string address, string exchange) =>
        Assert.Equal(new BusAddress(new Uri(exchange), NeedsQueue: true), BusAddress.Parse(new Uri(address)));

    [Fact]
    public void What_was_published_in_memory_with_a_generic_type_is_refused_and_not_lost()
    {
        var address = new Uri("loopback://localhost/urn:message:MassTransit:Fault[[Shop:OrderPlaced]]");

        Assert.True(BusAddress.IsOne(address));
        Assert.Throws<NotSupportedException>(() => BusAddress.Parse(address));
    }
}
