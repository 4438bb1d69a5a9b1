namespace CorpusGenerator;

/// <summary>The invented shop: its wares, its staff, its customers and where they live.</summary>
internal static class Catalogue
{
    public static readonly Product[] Products =
    [
        new("kitchen", "kettle", "kettles", 25, 60),
        new("kitchen", "coffee machine", "coffee machines", 70, 240),
        new("kitchen", "espresso maker", "espresso makers", 40, 150),
        new("kitchen", "rice cooker", "rice cookers", 30, 80),
        new("kitchen", "egg boiler", "egg boilers", 15, 35),
        new("kitchen", "steam cooker", "steam cookers", 40, 95),
        new("kitchen", "soup maker", "soup makers", 50, 110),
        new("electronics", "headphones", null, 30, 180),
        new("electronics", "speaker", "speakers", 40, 160),
        new("electronics", "tablet", "tablets", 120, 400),
        new("electronics", "wireless keyboard", "wireless keyboards", 25, 90),
        new("electronics", "e-reader", "e-readers", 80, 190),
        new("electronics", "smart watch", "smart watches", 90, 300),
        new("electronics", "baby monitor", "baby monitors", 50, 130),
        new("furniture", "desk", "desks", 110, 350),
        new("furniture", "office chair", "office chairs", 90, 300),
        new("furniture", "bookcase", "bookcases", 60, 200),
        new("furniture", "armchair", "armchairs", 120, 450),
        new("furniture", "bedside table", "bedside tables", 40, 110),
        new("furniture", "wardrobe", "wardrobes", 150, 500),
        new("clothing", "rain jacket", "rain jackets", 50, 140),
        new("clothing", "walking boots", null, 70, 180),
        new("clothing", "rucksack", "rucksacks", 40, 130),
        new("clothing", "winter coat", "winter coats", 90, 260),
        new("clothing", "gloves", null, 15, 45),
        new("clothing", "cycling trousers", null, 40, 100),
        new("machine", "lawn mower", "lawn mowers", 130, 420),
        new("machine", "hedge trimmer", "hedge trimmers", 60, 170),
        new("machine", "leaf blower", "leaf blowers", 50, 140),
        new("machine", "electric saw", "electric saws", 80, 230),
        new("outdoor", "parasol", "parasols", 40, 150),
        new("outdoor", "folding table", "folding tables", 35, 95),
        new("outdoor", "deck chair", "deck chairs", 25, 80),
        new("outdoor", "garden bench", "garden benches", 90, 240),
    ];

    public static readonly string[] Brands = ["Halden", "Marlow", "Orvane", "Tessin", "Kestra", "Lindau", "Brisa", "Norva"];
    public static readonly string[] Colours = ["black", "white", "grey", "dark blue", "red", "green", "silver", "yellow"];

    public static readonly string[] Women =
    [
        "Anna", "Clara", "Emma", "Grace", "Hannah", "Helen", "Julia", "Karen", "Laura", "Lucy", "Maria", "Martha", "Nina", "Olivia",
        "Petra", "Rosa", "Sarah", "Sophie", "Susan", "Vera",
    ];

    public static readonly string[] Men =
    [
        "Adam", "Ben", "Carl", "Daniel", "David", "Edward", "Felix", "Frank", "George", "Henry", "Jacob", "James", "Leon", "Mark", "Martin",
        "Oscar", "Paul", "Peter", "Simon", "Victor",
    ];

    public static readonly string[] Surnames =
    [
        "Abbott", "Archer", "Baker", "Barlow", "Bauer", "Becker", "Bishop", "Carter", "Clarke", "Cooper", "Dawson", "Dixon", "Ellis",
        "Fischer", "Fletcher", "Foster", "Garner", "Graham", "Hansen",
        "Harper", "Hartley", "Holmes", "Hunter", "Jensen", "Keller", "Lambert", "Larsen", "Lehmann", "Marsh", "Mason", "Meyer", "Miller",
        "Moreno", "Nolan", "Novak", "Palmer", "Parker", "Porter",
        "Reed", "Richter", "Rossi", "Schmidt", "Shaw", "Silva", "Stone", "Turner", "Vogel", "Walsh", "Weber", "Winter",
    ];

    public static readonly string[] Agents = ["Alice", "Brian", "Carla", "Eric", "Irene", "Joan", "Oliver", "Tom"];
    public static readonly string[] Companies =
        ["Northgate Bakery", "Hill and Sons", "Riverside Dental", "Ashford Joinery", "Bright Cleaning", "Park View Hotel"];
    public static readonly string[] Streets = ["Mill Lane", "High Street", "Station Road", "Church Street", "Park Avenue", "Bridge Street",
        "Garden Row", "Oak Drive", "Harbour Road", "Castle Hill"];
    public static readonly string[] Towns = ["Ashford", "Brookfield", "Chester", "Dunmore", "Eastleigh", "Fairview", "Granton", "Hillside",
        "Kingsbury", "Lakewood", "Milton", "Newport", "Oakdale", "Riverton"];
    public static readonly string[] MailDomains = ["example.com", "example.org", "example.net"];
    public static readonly string[] Vouchers = ["SPRING", "SUMMER", "AUTUMN", "WELCOME", "THANKS"];
}
