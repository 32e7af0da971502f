using YamlDotNet.RepresentationModel;

namespace IotBus.DevHost.Tests.Compose;

/// <summary>docker-compose.yml is not run where these tests run; what can be told from its text is checked.</summary>
public sealed class ComposeTests
{
    private static readonly YamlMappingNode Compose = YamlFile.Read("docker-compose.yml");
    private static readonly string[] Once = ["mongodb-init"];
    private static readonly string[] Ours = ["api", "processors", "reporting"];

    private static IEnumerable<(string Name, YamlMappingNode Service)> Services =>
        Compose.Map("services").Keys().Select(name => (name, Compose.Map("services").Map(name)));

    [Fact]
    public void It_holds_the_whole_system() =>
        Assert.Equal(["api", "kafka", "kong", "mongodb", "mongodb-init", "processors", "reporting"], Services.Select(s => s.Name).Order());

    [Fact]
    public void Every_service_has_an_image_with_a_full_version_or_is_built_here()
    {
        foreach (var (name, service) in Services)
        {
            if (service.Has("image"))
                Assert.Matches(@"^[a-z/]+:\d+\.\d+\.\d+$", service.Text("image"));
            else
                Assert.True(File.Exists(Repository.Path(service.Map("build").Text("dockerfile"))), name);
        }
    }

    [Fact]
    public void Every_service_that_is_built_here_names_its_project() =>
        Assert.All(Ours, name =>
        {
            var project = Compose.Map("services").Map(name).Map("build").Map("args").Text("PROJECT");
            Assert.True(File.Exists(Repository.Path($"src/{project}/{project}.csproj")), project);
        });

    [Fact]
    public void Every_service_that_stays_has_a_health_check() =>
        Assert.All(Services.Where(s => !Once.Contains(s.Name)), s => Assert.NotEmpty(s.Service.Map("healthcheck")["test"].Texts()));

    [Fact]
    public void No_service_runs_as_root()
    {
        Assert.All(Services, s => Assert.DoesNotContain(s.Service.Text("user"), new[] { "root", "0", "" }));
        Assert.Contains("\nUSER $APP_UID\n", Repository.Text("deploy/Dockerfile"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_service_waits_until_what_it_needs_is_healthy_or_done()
    {
        foreach (var (_, service) in Services.Where(s => s.Service.Has("depends_on")))
        {
            foreach (var needed in service.Map("depends_on").Keys())
            {
                var condition = service.Map("depends_on").Map(needed).Text("condition");
                Assert.Equal(Once.Contains(needed) ? "service_completed_successfully" : "service_healthy", condition);
            }
        }
    }

    [Fact]
    public void Every_service_waits_for_the_servers_it_is_told_of()
    {
        foreach (var (name, service) in Services.Where(s => Ours.Contains(s.Name)))
        {
            var needed = service.Map("depends_on").Keys().ToList();
            Assert.True(!service.Map("environment").Has("KAFKA_BOOTSTRAP_SERVERS") || needed.Contains(name == "api" ? "kafka" : "api"), name);
            Assert.True(!service.Map("environment").Has("MONGODB_URI") || needed.Contains("mongodb-init"), name);
        }
    }

    [Fact]
    public void Only_Kong_can_be_reached_from_outside() =>
        Assert.Equal(["kong"], Services.Where(s => s.Service.Has("ports")).Select(s => s.Name));

    [Fact]
    public void MongoDB_is_a_replica_set() =>
        Assert.Contains("--replSet", Compose.Map("services").Map("mongodb")["command"].Texts());

    [Fact]
    public void Images_in_the_Dockerfile_are_pinned()
    {
        var images = Repository.Text("deploy/Dockerfile").Split('\n').Where(line => line.StartsWith("FROM ", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(images);
        Assert.All(images, image => Assert.Matches(@"^FROM [^ ]+:\d+\.\d+[^ ]*( AS [a-z]+)?$", image));
    }
}
