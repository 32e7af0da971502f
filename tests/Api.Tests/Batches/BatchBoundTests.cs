using System.Net;
using System.Net.Http.Headers;
using System.Text;
using IotBus.Api.Tests.Fixtures;
using IotBus.Messages;
using Microsoft.AspNetCore.Builder;

namespace IotBus.Api.Tests.Batches;

/// <summary>The bounds of a batch, and what becomes of the lines around them.</summary>
public sealed class BatchBoundTests
{
    private const string Boot = """{"type":"boot","device_id":"d","zone_id":"z"}""";
    private const int MaxLine = 16 * 1024;
    private const int MaxBatch = 8 * 1024 * 1024;

    [Theory]
    [InlineData(MaxLine, 3, 0)]
    [InlineData(MaxLine + 1, 2, 1)]
    [InlineData(MaxLine * 10, 2, 1)]
    public async Task A_line_has_at_most_16_KiB_and_the_rest_goes_on(int length, int accepted, int rejected)
    {
        await using var api = await ApiHost.StartAsync();

        using var response = await api.PostLinesAsync($"{Boot}\n{Boot.PadRight(length)}\n{Boot}");

        var answer = await ApiHost.BodyAsync(response);
        Assert.Equal((accepted, rejected), (answer["accepted"]!.GetValue<int>(), answer["rejected"]!.GetValue<int>()));
        if (rejected > 0)
        {
            Assert.Equal(2, answer["errors"]![0]!["line"]!.GetValue<int>());
            Assert.Equal("A line has at most 16 KiB.", answer["errors"]![0]!["error"]!.GetValue<string>());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4096)]
    public async Task Lines_are_whole_however_their_bytes_arrive(int piece)
    {
        await using var api = await ApiHost.StartAsync();
        var lines = string.Concat(Enumerable.Range(0, 200).Select(i => $$"""{"type":"boot","device_id":"d-{{i}}","zone_id":"z"}""" + "\n"));
        using var content = new PieceContent(Encoding.UTF8.GetBytes(lines), piece);

        using var response = await api.SendAsync("/events", content, ApiHost.GatewayKey);

        Assert.Equal(200, (await ApiHost.BodyAsync(response))["accepted"]!.GetValue<int>());
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"d-{i}"), api.Topics.Produced.Select(produced => produced.Key));
    }

    [Fact]
    public async Task A_batch_that_says_it_has_over_8_MiB_is_refused_unread()
    {
        await using var api = await ApiHost.StartAsync();
        using var content = new StringContent($"{Boot}\n".PadRight(MaxBatch + 1), Encoding.UTF8, "application/x-ndjson");

        using var response = await api.SendAsync("/events", content, ApiHost.GatewayKey);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        var answer = await ApiHost.BodyAsync(response);
        Assert.Equal((0, 1), (answer["accepted"]!.GetValue<int>(), answer["resume_from_line"]!.GetValue<int>()));
        Assert.Empty(api.Topics.Produced);
    }

    [Theory]
    [InlineData(MaxBatch, HttpStatusCode.OK)]
    [InlineData(MaxBatch + 1, HttpStatusCode.RequestEntityTooLarge)]
    public async Task A_batch_without_a_length_has_at_most_8_MiB_and_what_came_before_is_recorded(int bytes, HttpStatusCode status)
    {
        await using var api = await ApiHost.StartOnKestrelAsync();
        var padding = string.Concat(Enumerable.Repeat(" \n", (MaxBatch / 2) - 500));
        var lines = $"{Boot}\n{padding}{Boot}".PadRight(bytes);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/events")
        {
            Content = new StringContent(lines, Encoding.UTF8, "application/x-ndjson"),
        };
        request.Headers.TransferEncodingChunked = true;

        using var response = await api.Client.SendAsync(request);

        Assert.Equal(status, response.StatusCode);
        var answer = await ApiHost.BodyAsync(response);
        Assert.Equal(status == HttpStatusCode.OK ? 2 : 1, answer["accepted"]!.GetValue<int>());
        if (status != HttpStatusCode.OK)
            Assert.Equal((MaxBatch / 2) - 500 + 2, answer["resume_from_line"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_batch_far_beyond_8_MiB_is_refused_and_what_came_before_is_recorded()
    {
        await using var api = await ApiHost.StartOnKestrelAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/events")
        {
            Content = new PieceContent(Encoding.UTF8.GetBytes($"{Boot}\n" + new string('x', MaxBatch * 2)), 65_536),
        };

        using var response = await api.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        var answer = await ApiHost.BodyAsync(response);
        Assert.Equal((1, 1), (answer["accepted"]!.GetValue<int>(), answer["rejected"]!.GetValue<int>()));
        Assert.Equal(2, answer["resume_from_line"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_batch_has_at_most_50000_events_and_what_came_before_is_recorded()
    {
        await using var api = await ApiHost.StartAsync();
        var lines = string.Concat(Enumerable.Repeat($"{Boot}\n", 50_001));

        using var response = await api.PostLinesAsync(lines);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        var answer = await ApiHost.BodyAsync(response);
        Assert.Equal((50_000, 50_001), (answer["accepted"]!.GetValue<int>(), answer["resume_from_line"]!.GetValue<int>()));
        Assert.Contains("send the lines from resume_from_line on", answer["error"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(50_000, api.Topics.Produced.Count);
    }

    [Fact]
    public async Task Exactly_50000_events_and_blank_lines_between_them_are_fine()
    {
        await using var api = await ApiHost.StartAsync();

        using var response = await api.PostLinesAsync(string.Concat(Enumerable.Repeat($"{Boot}\n\n", 50_000)));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(50_000, api.Topics.Produced.Count);
    }

    [Fact]
    public async Task Of_many_rejected_lines_a_bounded_number_is_described_and_all_are_counted()
    {
        await using var api = await ApiHost.StartAsync(builder => builder.Configuration["Batches:MaxErrors"] = "3");

        using var response = await api.PostLinesAsync($"{Boot}\n" + string.Concat(Enumerable.Repeat("{}\n", 10)));

        var answer = await ApiHost.BodyAsync(response);
        Assert.Equal((1, 10), (answer["accepted"]!.GetValue<int>(), answer["rejected"]!.GetValue<int>()));
        Assert.Equal([2, 3, 4], answer["errors"]!.AsArray().Select(error => error!["line"]!.GetValue<int>()));
        Assert.Equal(7, answer["errors_omitted"]!.GetValue<int>());
    }

    /// <summary>Sends bytes in pieces, without saying how many there will be.</summary>
    private sealed class PieceContent : HttpContent
    {
        private readonly byte[] _bytes;
        private readonly int _piece;

        public PieceContent(byte[] bytes, int piece)
        {
            _bytes = bytes;
            _piece = piece;
            Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            for (var i = 0; i < _bytes.Length; i += _piece)
            {
                await stream.WriteAsync(_bytes.AsMemory(i, Math.Min(_piece, _bytes.Length - i)));
                await stream.FlushAsync();
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
