// Written by contracts/build.ts.
/** ABI of the contract `Consent`. */
export const consentAbi = [
  {
    "inputs": [
      {
        "name": "registry_",
        "type": "address"
      },
      {
        "name": "longestRight_",
        "type": "uint64"
      }
    ],
    "stateMutability": "nonpayable",
    "type": "constructor"
  },
  {
    "inputs": [],
    "name": "CountInvalid",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "DeadlinePassed",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "EpochUnexpected",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "EpochsExhausted",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "EpochsUncommitted",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "GasTooLow",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "GrantEnded",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "GrantKnown",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "GrantUnknown",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "HandleUnknown",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "LengthsDiffer",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "PartyIsSuspended",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "PartyUnknown",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "QuorumMissing",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "SeatMissing",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "SignatureInvalid",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "SignersUnordered",
    "type": "error"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "name": "handle",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "name": "epoch",
        "type": "uint64"
      },
      {
        "indexed": false,
        "name": "packets",
        "type": "bytes32"
      }
    ],
    "name": "EpochAdvanced",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "name": "handle",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "name": "first",
        "type": "uint64"
      },
      {
        "indexed": false,
        "name": "count",
        "type": "uint64"
      },
      {
        "indexed": false,
        "name": "root",
        "type": "bytes32"
      }
    ],
    "name": "EpochsCommitted",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "name": "handle",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "name": "grant",
        "type": "bytes32"
      }
    ],
    "name": "Granted",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "name": "index",
        "type": "uint256"
      },
      {
        "indexed": false,
        "name": "reason",
        "type": "bytes4"
      }
    ],
    "name": "Refused",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "name": "handle",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "name": "grant",
        "type": "bytes32"
      }
    ],
    "name": "Revoked",
    "type": "event"
  },
  {
    "inputs": [],
    "name": "WALLET_GAS",
    "outputs": [
      {
        "name": "",
        "type": "uint256"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "WALLET_SIGNATURE_SIZE",
    "outputs": [
      {
        "name": "",
        "type": "uint256"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "components": [
          {
            "name": "handle",
            "type": "bytes32"
          },
          {
            "name": "epoch",
            "type": "uint64"
          },
          {
            "name": "packets",
            "type": "bytes32"
          },
          {
            "name": "deadline",
            "type": "uint64"
          }
        ],
        "name": "requests",
        "type": "tuple[]"
      },
      {
        "name": "signatures",
        "type": "bytes[][]"
      }
    ],
    "name": "advance",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "name": "wallet",
        "type": "address"
      },
      {
        "name": "digest",
        "type": "bytes32"
      },
      {
        "name": "signature",
        "type": "bytes"
      }
    ],
    "name": "askWallet",
    "outputs": [
      {
        "name": "",
        "type": "bool"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "components": [
          {
            "name": "handle",
            "type": "bytes32"
          },
          {
            "components": [
              {
                "name": "grantee",
                "type": "address"
              },
              {
                "name": "categories",
                "type": "string[]"
              },
              {
                "name": "record",
                "type": "bytes32"
              },
              {
                "name": "read",
                "type": "bool"
              },
              {
                "name": "add",
                "type": "bool"
              },
              {
                "name": "amend",
                "type": "bool"
              },
              {
                "name": "purpose",
                "type": "string"
              },
              {
                "name": "from",
                "type": "uint64"
              },
              {
                "name": "until",
                "type": "uint64"
              },
              {
                "name": "salt",
                "type": "bytes16"
              }
            ],
            "name": "terms",
            "type": "tuple"
          },
          {
            "name": "deadline",
            "type": "uint64"
          }
        ],
        "name": "opening",
        "type": "tuple"
      },
      {
        "name": "party",
        "type": "address"
      },
      {
        "name": "action",
        "type": "string"
      },
      {
        "name": "category",
        "type": "string"
      },
      {
        "name": "record",
        "type": "bytes32"
      },
      {
        "name": "purpose",
        "type": "string"
      },
      {
        "name": "moment",
        "type": "uint64"
      }
    ],
    "name": "check",
    "outputs": [
      {
        "name": "",
        "type": "bool"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "components": [
          {
            "name": "handle",
            "type": "bytes32"
          },
          {
            "name": "first",
            "type": "uint64"
          },
          {
            "name": "count",
            "type": "uint64"
          },
          {
            "name": "root",
            "type": "bytes32"
          },
          {
            "name": "deadline",
            "type": "uint64"
          }
        ],
        "name": "requests",
        "type": "tuple[]"
      },
      {
        "name": "signatures",
        "type": "bytes[]"
      }
    ],
    "name": "commitEpochs",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "domainSeparator",
    "outputs": [
      {
        "name": "",
        "type": "bytes32"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "name": "handle",
        "type": "bytes32"
      }
    ],
    "name": "epochOf",
    "outputs": [
      {
        "name": "epoch",
        "type": "uint64"
      },
      {
        "name": "first",
        "type": "uint64"
      },
      {
        "name": "count",
        "type": "uint64"
      },
      {
        "name": "root",
        "type": "bytes32"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "components": [
          {
            "name": "handle",
            "type": "bytes32"
          },
          {
            "name": "termsHash",
            "type": "bytes32"
          },
          {
            "name": "deadline",
            "type": "uint64"
          }
        ],
        "name": "requests",
        "type": "tuple[]"
      },
      {
        "name": "signatures",
        "type": "bytes[]"
      }
    ],
    "name": "grant",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "name": "handle",
        "type": "bytes32"
      },
      {
        "name": "digest",
        "type": "bytes32"
      }
    ],
    "name": "grantOf",
    "outputs": [
      {
        "name": "",
        "type": "uint8"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "name": "handle",
        "type": "bytes32"
      }
    ],
    "name": "lastEpochOf",
    "outputs": [
      {
        "name": "",
        "type": "uint64"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "longestRight",
    "outputs": [
      {
        "name": "",
        "type": "uint64"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "networkId",
    "outputs": [
      {
        "name": "",
        "type": "bytes32"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "registry",
    "outputs": [
      {
        "name": "",
        "type": "address"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "components": [
          {
            "name": "handle",
            "type": "bytes32"
          },
          {
            "name": "grant",
            "type": "bytes32"
          },
          {
            "name": "epoch",
            "type": "uint64"
          },
          {
            "name": "packets",
            "type": "bytes32"
          },
          {
            "name": "deadline",
            "type": "uint64"
          }
        ],
        "name": "requests",
        "type": "tuple[]"
      },
      {
        "name": "signatures",
        "type": "bytes[]"
      }
    ],
    "name": "revoke",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  }
] as const;
